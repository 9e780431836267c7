"use client";
/** Rolls a key over to a new one, and revokes keys. */
import { Ban, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { NumberField } from "#app/_ui/form-fields.tsx";
import { useShowKey } from "#app/console/api-keys/new-key-dialog.tsx";
import { rollKey } from "#server/domain/identity/input.ts";

type Named = { id: string; name: string };
const usualOverlapHours = 24;

export function RollKey({ apiKey: { id, name } }: { apiKey: Named }) {
  const t = useTranslations("keys");
  const trpc = useTRPC();
  const show = useShowKey();
  return (
    <FormDialog
      title={t("rollTitle", { name })}
      description={t("rollLead")}
      trigger={
        <Button size="sm" look="ghost" icon={<RefreshCw aria-hidden />} aria-label={t("rollTitle", { name })}>
          {t("roll")}
        </Button>
      }
      schema={rollKey}
      verb={trpc.keys.roll.mutationOptions()}
      freshIdAs="newKeyId"
      defaults={{ id, overlapHours: usualOverlapHours }}
      submit={t("roll")}
      onDone={show}
    >
      <NumberField name="overlapHours" label={t("overlap")} help={t("overlapHelp")} min={0} max={168} />
    </FormDialog>
  );
}

export function RevokeKey({ apiKey: { id, name } }: { apiKey: Named }) {
  const t = useTranslations("keys");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("revokeTitle", { name })}
      description={t("revokeLead")}
      trigger={
        <Button size="sm" look="ghost" icon={<Ban aria-hidden />} aria-label={t("revokeTitle", { name })}>
          {t("revoke")}
        </Button>
      }
      confirm={t("revoke")}
      verb={trpc.keys.revoke.mutationOptions()}
      input={{ id }}
      success={t("revoked", { name })}
      typed={name}
      danger
    />
  );
}
