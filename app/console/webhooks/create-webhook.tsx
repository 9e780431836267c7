"use client";
/** Adds an endpoint; the answer, which holds its secret, is shown once. */
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { useShowSecret } from "#app/console/webhooks/secret-dialog.tsx";
import { WebhookFields } from "#app/console/webhooks/webhook-fields.tsx";
import { createWebhook, defaultEventTypes } from "#server/domain/webhooks/input.ts";

export function CreateWebhook({ tenantId }: { tenantId: string }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  const show = useShowSecret();
  return (
    <FormDialog
      title={t("new")}
      description={t("newLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("new")}
        </Button>
      }
      schema={createWebhook}
      verb={trpc.webhooks.create.mutationOptions()}
      freshIdAs="id"
      defaults={{ tenantId, events: defaultEventTypes, batchSize: 1 }}
      submit={t("create")}
      onDone={show}
    >
      <WebhookFields />
    </FormDialog>
  );
}
