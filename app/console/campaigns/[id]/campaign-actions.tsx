"use client";
/** What can be done with a campaign now: pause, resume, stop, take back, copy, delete. */
import { CopyPlus, Pause, Pencil, Play, Square, Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button, ButtonLink } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";
import { freshId } from "#app/_ui/fresh-id.ts";
import { useVerb } from "#app/_ui/use-verb.ts";
import type { CampaignStep } from "#server/domain/campaigns/state.ts";

type CampaignActionsProps = {
  campaign: { id: string; name: string; status: string; isOwn: boolean; steps: CampaignStep[] };
  mayWrite: boolean;
  /** Taken by the carrier so far, for the question before a stop. */
  sent: number;
  recipients: number;
};

export function CampaignActions({ campaign, mayWrite, sent, recipients }: CampaignActionsProps) {
  const t = useTranslations("campaigns");
  const { id, name, isOwn, steps } = campaign;
  if (!mayWrite) return null;
  const can = (step: CampaignStep) => steps.includes(step);
  return (
    <>
      {isOwn && can("revise") ? <DeleteCampaign id={id} name={name} /> : null}
      {isOwn ? <DuplicateCampaign id={id} /> : null}
      {isOwn && can("withdraw") ? <Withdraw id={id} /> : null}
      {can("stop") ? <StopCampaign id={id} name={name} sent={sent} recipients={recipients} /> : null}
      {can("pause") ? <PauseCampaign id={id} /> : null}
      {can("resume") ? <ResumeCampaign id={id} /> : null}
      {isOwn && can("revise") ? (
        <ButtonLink look="primary" href={`/console/campaigns/${id}/edit`} icon={<Pencil aria-hidden />}>
          {t("compose")}
        </ButtonLink>
      ) : null}
    </>
  );
}

function PauseCampaign({ id }: { id: string }) {
  const t = useTranslations("campaigns");
  const trpc = useTRPC();
  const { run, isPending } = useVerb(trpc.campaigns.pause.mutationOptions(), { success: t("pausedToast") });
  return (
    <Button icon={<Pause aria-hidden />} busy={isPending} onClick={() => void run({ id })}>
      {t("pause")}
    </Button>
  );
}

function ResumeCampaign({ id }: { id: string }) {
  const t = useTranslations("campaigns");
  const trpc = useTRPC();
  const { run, isPending } = useVerb(trpc.campaigns.resume.mutationOptions(), { success: t("resumedToast") });
  return (
    <Button look="primary" icon={<Play aria-hidden />} busy={isPending} onClick={() => void run({ id })}>
      {t("resume")}
    </Button>
  );
}

function StopCampaign({ id, name, sent, recipients }: { id: string; name: string; sent: number; recipients: number }) {
  const t = useTranslations("campaigns");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("stopTitle", { name })}
      description={t("stopLead", { sent, recipients })}
      trigger={<Button icon={<Square aria-hidden />}>{t("stop")}</Button>}
      confirm={t("stop")}
      verb={trpc.campaigns.stop.mutationOptions()}
      input={{ id }}
      success={t("stoppedToast")}
      danger
    />
  );
}

function Withdraw({ id }: { id: string }) {
  const t = useTranslations("campaigns");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("withdrawTitle")}
      description={t("withdrawLead")}
      trigger={<Button icon={<Undo2 aria-hidden />}>{t("withdraw")}</Button>}
      confirm={t("withdraw")}
      verb={trpc.campaigns.withdraw.mutationOptions()}
      input={{ id }}
      success={t("withdrawnToast")}
    />
  );
}

function DuplicateCampaign({ id }: { id: string }) {
  const t = useTranslations("campaigns");
  const trpc = useTRPC();
  const router = useRouter();
  const [newId] = useState(freshId);
  const { run, isPending } = useVerb(trpc.campaigns.duplicate.mutationOptions(), {
    success: t("duplicatedToast"),
    onDone: (copy) => router.push(`/console/campaigns/${copy.id}/edit`),
  });
  return (
    <Button icon={<CopyPlus aria-hidden />} busy={isPending} onClick={() => void run({ id, newId })}>
      {t("duplicate")}
    </Button>
  );
}

function DeleteCampaign({ id, name }: { id: string; name: string }) {
  const t = useTranslations("campaigns");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      title={t("deleteTitle", { name })}
      description={t("deleteLead")}
      verb={trpc.campaigns.delete.mutationOptions()}
      input={{ id }}
      success={t("deletedToast", { name })}
      leaveTo="/console/campaigns"
    />
  );
}
