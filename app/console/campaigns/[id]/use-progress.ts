"use client";
/** How far a campaign is, asked each second while it moves; everything on its page shares the answer. */
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Progress } from "#server/domain/campaigns/progress.ts";
import type { CampaignStatus } from "#server/domain/campaigns/state.ts";

const movingMs = 1_000;
const waitingMs = 5_000;
const moving: readonly CampaignStatus[] = ["running", "sending", "stopped"];
const waiting: readonly CampaignStatus[] = ["in_review", "scheduled", "paused", "held"];

/** False stops asking: nothing more will change. */
function pollMs({ status, queued, awaitingReceipt }: Progress): number | false {
  if (moving.includes(status)) return status === "stopped" && queued + awaitingReceipt === 0 ? false : movingMs;
  return waiting.includes(status) ? waitingMs : false;
}

/** @param initial as the server drew it */
export function useProgress(initial: Progress): Progress {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.campaigns.progress.queryOptions(
      { id: initial.id },
      { initialData: initial, refetchInterval: (query) => pollMs(query.state.data ?? initial) },
    ),
  );
  return data;
}
