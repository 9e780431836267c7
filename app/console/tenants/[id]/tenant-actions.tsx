"use client";
/** What can be done to a tenant: edit, suspend with a reason, resume. */
import { Ban, Pencil, Play } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { type Locale, localeNames, locales } from "#app/_locale/locales.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { ComboboxField, SelectField, TextareaField, TextField } from "#app/_ui/form-fields.tsx";
import { countryOptions, timeZoneOptions } from "#app/_ui/regional-options.ts";
import { suspendTenant, updateTenant } from "#server/domain/tenants/input.ts";

type Named = { id: string; name: string };
type Editable = Named & { country: string; timeZone: string; locale: string };

export function EditTenant({ tenant }: { tenant: Editable }) {
  const t = useTranslations("tenants");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const locale = useLocale();
  const { id, name, country, timeZone } = tenant;
  return (
    <FormDialog
      title={t("editTitle", { name })}
      trigger={<Button icon={<Pencil aria-hidden />}>{t("edit")}</Button>}
      schema={updateTenant}
      verb={trpc.tenants.update.mutationOptions()}
      defaults={{ id, name, country, timeZone, locale: tenant.locale as Locale }}
      submit={ui("save")}
      success={ui("saved")}
    >
      <TextField name="name" label={t("name")} autoComplete="off" />
      <ComboboxField name="country" label={t("country")} help={t("countryHelp")} options={countryOptions(locale)} />
      <ComboboxField name="timeZone" label={t("timeZone")} help={t("timeZoneHelp")} options={timeZoneOptions()} />
      <SelectField
        name="locale"
        label={t("language")}
        options={locales.map((value) => ({ value, label: localeNames[value] }))}
      />
    </FormDialog>
  );
}

export function SuspendTenant({ tenant: { id, name } }: { tenant: Named }) {
  const t = useTranslations("tenants");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("suspendTitle", { name })}
      description={t("suspendLead")}
      trigger={<Button icon={<Ban aria-hidden />}>{t("suspend")}</Button>}
      schema={suspendTenant}
      verb={trpc.tenants.suspend.mutationOptions()}
      defaults={{ id }}
      submit={t("suspend")}
      success={t("suspended", { name })}
      danger
    >
      <TextareaField name="reason" label={t("reason")} help={t("reasonHelp")} rows={3} />
    </FormDialog>
  );
}

export function ResumeTenant({ tenant: { id, name } }: { tenant: Named }) {
  const t = useTranslations("tenants");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("resumeTitle", { name })}
      description={t("resumeLead")}
      trigger={
        <Button look="primary" icon={<Play aria-hidden />}>
          {t("resume")}
        </Button>
      }
      confirm={t("resume")}
      verb={trpc.tenants.resume.mutationOptions()}
      input={{ id }}
      success={t("resumed", { name })}
    />
  );
}
