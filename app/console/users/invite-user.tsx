"use client";
/** Invites a person by e-mail into a tenant. */
import { UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { localeNames, locales } from "#app/_locale/locales.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { SelectField, TextField } from "#app/_ui/form-fields.tsx";
import { RoleField } from "#app/console/users/role-field.tsx";
import { inviteUser } from "#server/domain/identity/input.ts";

type InviteProps = { tenant: { id: string; name: string }; asOwner: boolean };

export function InviteUser({ tenant, asOwner }: InviteProps) {
  const t = useTranslations("users");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("inviteTitle", { name: tenant.name })}
      description={t("inviteLead")}
      trigger={
        <Button look="primary" icon={<UserPlus aria-hidden />}>
          {t("invite")}
        </Button>
      }
      schema={inviteUser}
      verb={trpc.users.invite.mutationOptions()}
      freshIdAs="id"
      defaults={{ tenantId: tenant.id, role: "viewer" }}
      submit={t("sendInvitation")}
      success={(user) => t("invited", { email: user.email })}
    >
      <TextField name="email" label={t("email")} help={t("emailHelp")} type="email" autoComplete="off" />
      <RoleField name="role" asOwner={asOwner} />
      <SelectField
        name="locale"
        label={t("language")}
        help={t("languageHelp")}
        placeholder={t("languageOfTenant")}
        options={locales.map((value) => ({ value, label: localeNames[value] }))}
        optional
      />
    </FormDialog>
  );
}
