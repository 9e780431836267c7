"use client";
/** The progress of running campaigns, read again every two seconds while they move. */
import { useQueries } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { HoverLink } from "#app/_ui/hover-link.tsx";
import { Count, Percent } from "#app/_ui/money.tsx";
import { ProgressBar } from "#app/_ui/progress-bar.tsx";
import { CampaignStatus } from "#app/console/campaigns/campaign-status.tsx";
import { shownStatus } from "#app/console/campaigns/shown-status.ts";
import type { Progress } from "#server/domain/campaigns/progress.ts";

type Named = { id: string; name: string; tenantName: string };

const everyMs = 2_000;
const isMoving = ({ status }: Progress) => status === "running" || status === "sending";

export function LiveCampaigns({ campaigns, initial }: { campaigns: Named[]; initial: Progress[] }) {
  const trpc = useTRPC();
  const answers = useQueries({
    queries: campaigns.map(({ id }, at) =>
      trpc.campaigns.progress.queryOptions(
        { id },
        {
          initialData: initial[at],
          refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? everyMs : false),
        },
      ),
    ),
  });
  useRefreshAtTheEnd(answers.some(({ data }) => data?.status === "completed" || data?.status === "stopped"));
  return (
    <ul className="flex flex-col gap-4">
      {campaigns.map((campaign, at) => {
        const progress = answers[at]?.data;
        return progress ? <LiveCampaign key={campaign.id} campaign={campaign} progress={progress} /> : null;
      })}
    </ul>
  );
}

/** The other figures of the page have moved as well when a campaign is over. */
function useRefreshAtTheEnd(isOver: boolean): void {
  const router = useRouter();
  const wasOver = useRef(isOver);
  useEffect(() => {
    if (isOver && !wasOver.current) router.refresh();
    wasOver.current = isOver;
  }, [isOver, router]);
}

function LiveCampaign({ campaign, progress }: { campaign: Named; progress: Progress }) {
  const t = useTranslations("dashboard");
  const { recipients, refused, delivered, failed, unknown, sentPerSecond } = progress;
  const done = delivered + failed + unknown + refused;
  const share = recipients > 0 ? done / recipients : 0;
  return (
    <li className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 truncate text-sm">
          <HoverLink
            href={`/console/campaigns/${campaign.id}`}
            className="rounded font-medium text-ink hover:underline"
          >
            {campaign.name}
          </HoverLink>{" "}
          <span className="text-ink-faint">{campaign.tenantName}</span>
        </span>
        <CampaignStatus status={shownStatus(progress)} />
      </div>
      <ProgressBar
        share={share}
        label={t("progressOf", { name: campaign.name })}
        tone={isMoving(progress) ? "brand" : "warning"}
      />
      <div className="flex flex-wrap justify-between gap-x-4 text-ink-muted text-sm">
        <span>
          {t.rich("finished", { done: () => <Count value={done} />, all: () => <Count value={recipients} /> })}
        </span>
        <span className="tabular-nums">
          {isMoving(progress) && sentPerSecond > 0 ? `${t("perSecond", { count: sentPerSecond })} · ` : null}
          <Percent share={share} />
        </span>
      </div>
    </li>
  );
}
