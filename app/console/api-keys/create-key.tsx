"use client";
/** Makes an API key; the answer, which holds the key, is shown once. */
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ChoiceGroup } from "#app/_ui/choice-group.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { TextField, useField } from "#app/_ui/form-fields.tsx";
import { Checkbox } from "#app/_ui/input.tsx";
import { DateTimeField, ListField } from "#app/_ui/value-fields.tsx";
import { useShowKey } from "#app/console/api-keys/new-key-dialog.tsx";
import { createKey } from "#server/domain/identity/input.ts";
import type { keyScopes } from "#server/kernel/permissions.ts";

type Scope = (typeof keyScopes)[number];

/** @property scopes what the person may hand out: no more than they may do themselves */
export function CreateKey({ tenantId, scopes }: { tenantId: string; scopes: Scope[] }) {
  const t = useTranslations("keys");
  const trpc = useTRPC();
  const show = useShowKey();
  return (
    <FormDialog
      title={t("new")}
      description={t("newLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("new")}
        </Button>
      }
      schema={createKey}
      verb={trpc.keys.create.mutationOptions()}
      freshIdAs="id"
      defaults={{ tenantId, scopes: scopes.filter((scope) => scope.startsWith("messages.")), allowedIps: [] }}
      prepare={(values) => ({ ...values, allowedIps: values.allowedIps ?? [] })}
      submit={t("create")}
      onDone={show}
    >
      <TextField name="name" label={t("name")} help={t("nameHelp")} autoComplete="off" />
      <Scopes scopes={scopes} />
      <ListField name="allowedIps" label={t("addresses")} help={t("addressesHelp")} rows={2} optional />
      <DateTimeField name="expiresAt" label={t("expires")} help={t("expiresHelp")} optional />
    </FormDialog>
  );
}

function Scopes({ scopes }: { scopes: Scope[] }) {
  const t = useTranslations("keys");
  const { id, register, error } = useField({ name: "scopes" });
  return (
    <ChoiceGroup id={id} label={t("scopes")} error={error} look="divide-y">
      {scopes.map((scope) => {
        const key = scope.replace(".", "_");
        return (
          <label
            key={scope}
            htmlFor={`${id}-${key}`}
            className="flex cursor-pointer items-start gap-2.5 px-3 py-2 hover:bg-muted"
          >
            <Checkbox
              id={`${id}-${key}`}
              value={scope}
              className="mt-0.5"
              aria-labelledby={`${id}-${key}-name`}
              aria-describedby={`${id}-${key}-means`}
              {...register("scopes")}
            />
            <span className="min-w-0">
              <span id={`${id}-${key}-name`} className="block font-medium text-ink text-sm">
                {t(`scope.${key}`)}
              </span>
              <span id={`${id}-${key}-means`} className="block text-ink-muted text-xs">
                {t(`scopeMeans.${key}`)}
              </span>
            </span>
          </label>
        );
      })}
    </ChoiceGroup>
  );
}
