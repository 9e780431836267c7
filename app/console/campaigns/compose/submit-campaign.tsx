"use client";
/** The last step: asks once more, with the figures, then submits what was kept. */
import { Send } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { dateText } from "#app/_ui/date-time.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { moneyText } from "#app/_ui/money.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import type { Draft } from "#app/console/campaigns/compose/use-draft.ts";
import { useQuote } from "#app/console/campaigns/live-quote.tsx";

type SubmitCampaignProps = {
  id: string;
  draft: Draft;
  version: number | null;
  flush: () => Promise<boolean>;
};

export function SubmitCampaign({ id, draft, version, flush }: SubmitCampaignProps) {
  const t = useTranslations("campaigns");
  const ui = useTranslations("ui");
  const locale = useLocale();
  const trpc = useTRPC();
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const { data: quote, error } = useQuote(id, version);
  const { run, isPending } = useVerb(trpc.campaigns.submit.mutationOptions(), {
    success: (campaign) =>
      t(
        `submitted.${campaign.status === "in_review" ? "review" : campaign.status === "scheduled" ? "scheduled" : "running"}`,
      ),
    onDone: () => router.push(`/console/campaigns/${id}`),
  });
  const isReady = version !== null && !error && quote !== undefined && quote.messages > 0;
  const { scheduledAt, timeZone } = draft;
  const cost = quote?.money?.cost.map((total) => moneyText(total.micros, total.currency, locale)).join(" + ");
  const when = scheduledAt
    ? t("confirm.at", { time: dateText(scheduledAt, { locale, timeZone: timeZone ?? "UTC" }) })
    : t("confirm.now");
  return (
    <Dialog
      title={t("confirm.title", { name: draft.name })}
      description={t("confirm.lead", { count: quote?.messages ?? 0, parts: quote?.parts ?? 0 })}
      trigger={
        <Button look="primary" size="lg" icon={<Send aria-hidden />} disabled={!isReady}>
          {scheduledAt ? t("submitScheduled") : t("submit")}
        </Button>
      }
      open={isOpen}
      onOpenChange={setOpen}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={async (event) => {
          event.preventDefault();
          if (await flush()) await run({ id });
          setOpen(false);
        }}
      >
        <p className="text-base text-ink">{when}</p>
        {cost ? <p className="font-medium text-base text-ink">{t("confirm.cost", { cost })}</p> : null}
        <div className="flex flex-row-reverse justify-start gap-2">
          <Button type="submit" look="primary" busy={isPending}>
            {t("confirm.submit")}
          </Button>
          <Button onClick={() => setOpen(false)}>{ui("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
