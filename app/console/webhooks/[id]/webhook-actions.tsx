"use client";
/** What can be done with an endpoint: test, pause, resume, change, a new secret, delete. */
import { KeyRound, Pause, Pencil, Play, Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import { useShowSecret } from "#app/console/webhooks/secret-dialog.tsx";
import { WebhookFields } from "#app/console/webhooks/webhook-fields.tsx";
import { updateWebhook, webhookEventTypes } from "#server/domain/webhooks/input.ts";
import type { TestResult } from "#server/domain/webhooks/send-test.ts";

type Named = { id: string; name: string };

export function SendTest({ id }: { id: string }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  const say = ({ isTaken, statusCode, durationMs, error }: TestResult) => {
    if (isTaken) toast.success(t("testTaken", { status: statusCode ?? 0, ms: durationMs }));
    else if (statusCode !== null) toast.error(t("testRefused", { status: statusCode }));
    else toast.error(t("testUnanswered", { why: t.has(`error.${error}`) ? t(`error.${error}`) : (error ?? "") }));
  };
  const { run, isPending } = useVerb(trpc.webhooks.sendTest.mutationOptions(), { onDone: say });
  return (
    <Button icon={<Send aria-hidden />} busy={isPending} onClick={() => run({ id })}>
      {t("sendTest")}
    </Button>
  );
}

export function PauseWebhook({ id }: { id: string }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  const { run, isPending } = useVerb(trpc.webhooks.pause.mutationOptions(), { success: t("paused") });
  return (
    <Button icon={<Pause aria-hidden />} busy={isPending} onClick={() => run({ id })}>
      {t("pause")}
    </Button>
  );
}

/** Also what wakes a failing one at once. */
export function ResumeWebhook({ id, label }: { id: string; label: string }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  const { run, isPending } = useVerb(trpc.webhooks.resume.mutationOptions(), { success: t("resumed") });
  return (
    <Button icon={<Play aria-hidden />} busy={isPending} onClick={() => run({ id })}>
      {label}
    </Button>
  );
}

type Editable = { id: string; url: string; description: string; events: string[]; batchSize: number };

export function EditWebhook({ webhook }: { webhook: Editable }) {
  const t = useTranslations("webhooks");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const events = webhookEventTypes.filter((type) => webhook.events.includes(type));
  return (
    <FormDialog
      title={t("edit")}
      trigger={
        <Button look="primary" icon={<Pencil aria-hidden />}>
          {ui("edit")}
        </Button>
      }
      schema={updateWebhook}
      verb={trpc.webhooks.update.mutationOptions()}
      defaults={{ ...webhook, events }}
      // An emptied box means "none" here, where else it would mean "as it is".
      prepare={(values) => ({ ...values, description: values.description ?? "" })}
      submit={ui("save")}
      success={t("saved")}
    >
      <WebhookFields />
    </FormDialog>
  );
}

export function RotateSecret({ id }: { id: string }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  const show = useShowSecret();
  return (
    <ConfirmDialog
      title={t("rotate")}
      description={t("rotateLead")}
      trigger={<Button icon={<KeyRound aria-hidden />}>{t("rotate")}</Button>}
      confirm={t("rotate")}
      verb={trpc.webhooks.rotateSecret.mutationOptions()}
      input={{ id }}
      onDone={show}
    />
  );
}

export function DeleteWebhook({ webhook: { id, name } }: { webhook: Named }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      title={t("deleteTitle", { name })}
      description={t("deleteLead")}
      verb={trpc.webhooks.delete.mutationOptions()}
      input={{ id }}
      success={t("deleted", { name })}
      leaveTo="/console/webhooks"
    />
  );
}
