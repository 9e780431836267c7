/** A campaign whose launch was lost between the outbox, the engine and the app goes on by itself. */
import { expect, it, onTestFinished } from "vitest";
import { expandCampaign } from "#server/domain/campaigns/expand.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import { jobFor, makeCampaign } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { makeSendingTree } from "#tests/sending.ts";
import type { OutgoingEvent } from "#workers/relay/forward.ts";
import { startRelay } from "#workers/relay/relay.ts";

const db = await testDatabase();

/** Each event as the engine would take it, or lost after the engine said yes. */
function engineThatLoses(taken: OutgoingEvent[], isLost: () => boolean) {
  return async (events: OutgoingEvent[]) => {
    if (!isLost()) taken.push(...events);
  };
}

it("is launched again within a minute when the engine lost its run, and sends to each recipient once", async () => {
  const tree = await makeSendingTree(db);
  const ctx = contextFor(db, tree.subaccount.id);
  const { id } = await makeCampaign(ctx, tree, { rows: 5 });
  await submitCampaign(ctx, { id });
  const taken: OutgoingEvent[] = [];
  let isLost = true;
  let aheadMs = 0;
  const relay = await startRelay(
    db,
    engineThatLoses(taken, () => isLost),
    () => new Date(Date.now() + aheadMs),
  );
  onTestFinished(() => relay.close());
  await expect.poll(async () => db.sql`select from outbox where sent_at is null`).toHaveLength(0);
  isLost = false;
  aheadMs = 31_000;
  const launches = () => taken.filter((event) => event.name === "campaigns/campaign.launch");
  await expect.poll(launches).toHaveLength(1);
  expect(launches()[0]?.data).toMatchObject({ campaignId: id, tenantId: tree.subaccount.id });

  const job = jobFor(db, tree.subaccount.id);
  const input = { campaignId: id, fromOrdinal: 1, limit: 100 };
  // The lost run comes back after all: both hand over the same recipients.
  await Promise.all([expandCampaign(job, input), expandCampaign(job, input)]);
  const rows = await db.sql<{ count: number }[]>`
    select count(*)::int as count from messages where campaign_id = ${id} group by msisdn`;
  expect(rows.map((row) => row.count)).toEqual([1, 1, 1, 1, 1]);
  const [campaign] = await db.sql<{ status: string }[]>`select status from campaigns where id = ${id}`;
  expect(campaign?.status).not.toBe("running");
});
