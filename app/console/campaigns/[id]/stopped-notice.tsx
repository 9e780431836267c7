"use client";
/** What a stop has saved; the figures follow the messages that were under way when it came. */
import { useTranslations } from "next-intl";
import { Callout } from "#app/_ui/callout.tsx";
import { useProgress } from "#app/console/campaigns/[id]/use-progress.ts";
import type { Progress } from "#server/domain/campaigns/progress.ts";

export function StoppedNotice({ initial }: { initial: Progress }) {
  const t = useTranslations("campaigns.notice");
  const { sent, recipients } = useProgress(initial);
  return (
    <Callout kind="warning" title={t("stopped")}>
      {t("stoppedHint", { sent, rest: Math.max(0, recipients - sent) })}
    </Callout>
  );
}
