/** Launches campaigns for suites and runs them as the job, a worker and a carrier would. */

import { expandCampaign } from "#server/domain/campaigns/expand.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { foldReports } from "#server/domain/reports/fold.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { jobFor, makeCampaign } from "#tests/campaigns.ts";
import type { TestDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import type { SendingTree } from "#tests/sending.ts";

export function campaignsIn(db: TestDatabase) {
  async function launch(tree: SendingTree, options: Parameters<typeof makeCampaign>[2]) {
    const ctx = contextFor(db, tree.subaccount.id);
    const { id } = await makeCampaign(ctx, tree, options);
    await submitCampaign(ctx, { id });
    return { ctx, id, job: jobFor(db, tree.subaccount.id) };
  }

  /** As the job does. */
  async function expandAll(job: Context, campaignId: string, limit = 5_000): Promise<string> {
    for (let fromOrdinal = 1; ; ) {
      const { status, nextOrdinal } = await expandCampaign(job, { campaignId, fromOrdinal, limit });
      if (status !== "running") return status;
      fromOrdinal = nextOrdinal;
    }
  }

  const messagesOf = async (campaignId: string) =>
    db.sql<{ id: string; msisdn: string; text: string; status: MessageStatus }[]>`
      select id, msisdn, text, status from messages where campaign_id = ${campaignId} order by id`;

  /** As a worker and a carrier would: taken from the queue, then this status. */
  async function end(job: Context, ids: readonly string[], status: MessageStatus): Promise<void> {
    await asSystem(job, async (ctx) => {
      await applyTransitions(
        ctx,
        ids.map((messageId) => ({ messageId, status: "sent" as const })),
      );
      await applyTransitions(
        ctx,
        ids.map((messageId) => ({ messageId, status })),
      );
      await ctx.tx.sql`delete from send_queue where message_id = any(${[...ids]}::uuid[])`;
    });
  }

  async function foldAll(): Promise<void> {
    while ((await foldReports({ db })) > 0);
  }

  const spentOf = async (orderBuyer: string) => {
    const rows = await db.sql<{ kind: string; unit: string; balance: bigint }[]>`
      select a.kind, a.unit, a.balance from ledger_accounts a join orders o on o.id = a.order_id
      where o.buyer_id = ${orderBuyer} and a.unit = 'PARTS' and a.kind in ('held', 'spent')`;
    return Object.fromEntries(rows.map((row) => [row.kind, row.balance]));
  };

  return { launch, expandAll, messagesOf, end, foldAll, spentOf };
}
