"use client";
/** What can be done to a person: another role or name, the invitation again, disabling and enabling. */
import { Mail, Pencil, UserRoundCheck, UserRoundX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { TextField } from "#app/_ui/form-fields.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import { RoleField } from "#app/console/users/role-field.tsx";
import { updateUser } from "#server/domain/identity/input.ts";
import type { User } from "#server/domain/identity/scope.ts";

export function UserActions({ user, asOwner }: { user: User; asOwner: boolean }) {
  return (
    <div className="flex flex-wrap justify-end gap-1">
      {user.status === "invited" ? <Resend user={user} /> : null}
      <EditUser user={user} asOwner={asOwner} />
      {user.status === "disabled" ? <Enable user={user} /> : <Disable user={user} />}
    </div>
  );
}

function Resend({ user: { id, email } }: { user: User }) {
  const t = useTranslations("users");
  const trpc = useTRPC();
  const { run, isPending } = useVerb(trpc.users.resendInvitation.mutationOptions(), {
    success: t("resent", { email }),
  });
  return (
    <Button
      look="ghost"
      size="sm"
      icon={<Mail aria-hidden />}
      busy={isPending}
      aria-label={t("resendTo", { email })}
      onClick={() => run({ id })}
    >
      {t("resend")}
    </Button>
  );
}

function EditUser({ user: { id, name, role }, asOwner }: { user: User; asOwner: boolean }) {
  const t = useTranslations("users");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("editTitle", { name })}
      description={t("editLead")}
      trigger={
        <Button look="ghost" size="sm" icon={<Pencil aria-hidden />} aria-label={t("editTitle", { name })}>
          {ui("edit")}
        </Button>
      }
      schema={updateUser}
      verb={trpc.users.update.mutationOptions()}
      defaults={{ id, name, role }}
      submit={ui("save")}
      success={ui("saved")}
    >
      <TextField name="name" label={t("name")} autoComplete="off" />
      <RoleField name="role" asOwner={asOwner} />
    </FormDialog>
  );
}

function Disable({ user: { id, name } }: { user: User }) {
  const t = useTranslations("users");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("disableTitle", { name })}
      description={t("disableLead")}
      trigger={
        <Button look="ghost" size="sm" icon={<UserRoundX aria-hidden />} aria-label={t("disableOf", { name })}>
          {t("disable")}
        </Button>
      }
      confirm={t("disable")}
      verb={trpc.users.disable.mutationOptions()}
      input={{ id }}
      success={t("disabled", { name })}
      danger
    />
  );
}

function Enable({ user: { id, name } }: { user: User }) {
  const t = useTranslations("users");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("enableTitle", { name })}
      description={t("enableLead")}
      trigger={
        <Button look="ghost" size="sm" icon={<UserRoundCheck aria-hidden />} aria-label={t("enableOf", { name })}>
          {t("enable")}
        </Button>
      }
      confirm={t("enable")}
      verb={trpc.users.enable.mutationOptions()}
      input={{ id }}
      success={t("enabled", { name })}
    />
  );
}
