"use client";
/** Creates a tenant below the actor's own, or below one of its descendants. */
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { localeNames, locales } from "#app/_locale/locales.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { ComboboxField, FieldRow, SelectField, TextField } from "#app/_ui/form-fields.tsx";
import type { Option } from "#app/_ui/input.tsx";
import { countryOptions, currencyOptions, timeZoneOptions } from "#app/_ui/regional-options.ts";
import { createTenant, tenantKind } from "#server/domain/tenants/input.ts";

type CreateTenantProps = {
  parents: (Option & { kind: string })[];
  /** The new tenant's likely parent: gives the first values. */
  within: { id: string; kind: string; currency: string; country: string; timeZone: string; locale: string };
};

/** What usually stands below a tenant of this kind. */
const usualChild: Record<string, "company" | "partner" | "subaccount"> = { aggregator: "company", company: "partner" };

export function CreateTenant({ parents, within }: CreateTenantProps) {
  const t = useTranslations("tenants");
  const trpc = useTRPC();
  const router = useRouter();
  const locale = useLocale();
  return (
    <FormDialog
      title={t("new")}
      description={t("newLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("new")}
        </Button>
      }
      schema={createTenant}
      verb={trpc.tenants.create.mutationOptions()}
      freshIdAs="id"
      defaults={{
        parentId: within.id,
        kind: usualChild[within.kind] ?? "subaccount",
        currency: within.currency,
        country: within.country,
        timeZone: within.timeZone,
        locale: locales.find((known) => known === within.locale) ?? "en",
      }}
      submit={t("create")}
      success={(tenant) => t("createdToast", { name: tenant.name })}
      onDone={(tenant) => router.push(`/console/tenants/${tenant.id}`)}
    >
      <TextField name="name" label={t("name")} autoComplete="off" />
      <FieldRow>
        <ComboboxField name="parentId" label={t("parent")} options={parents} />
        <SelectField
          name="kind"
          label={t("kindLabel")}
          options={tenantKind.options.map((value) => ({ value, label: t(`kind.${value}`) }))}
        />
      </FieldRow>
      <FieldRow>
        <ComboboxField name="country" label={t("country")} help={t("countryHelp")} options={countryOptions(locale)} />
        <ComboboxField
          name="currency"
          label={t("currency")}
          help={t("currencyHelp")}
          options={currencyOptions(locale)}
        />
      </FieldRow>
      <FieldRow>
        <ComboboxField name="timeZone" label={t("timeZone")} options={timeZoneOptions()} />
        <SelectField
          name="locale"
          label={t("language")}
          options={locales.map((value) => ({ value, label: localeNames[value] }))}
        />
      </FieldRow>
    </FormDialog>
  );
}
