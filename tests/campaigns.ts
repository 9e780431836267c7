/** Makes lists and campaigns for suites, ready to be submitted. */
import type { Database } from "#db/client.ts";
import { createCampaign } from "#server/domain/campaigns/create.ts";
import type { Campaign } from "#server/domain/campaigns/scope.ts";
import { setAudience } from "#server/domain/campaigns/set-audience.ts";
import { importList } from "#server/domain/contacts/import-list.ts";
import type { RecipientList } from "#server/domain/contacts/scope.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import type { SendingTree } from "#tests/sending.ts";

export const jobFor = (db: Database, tenantId: string): Context =>
  jobContext({ db, clock: systemClock }, "test", tenantId, newId());

/** A CSV of so many valid Vinaphone numbers with a name each. */
export function nameRows(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => `Name ${i + 1},0912${String(i).padStart(6, "0")}`);
  return ["name,phone", ...lines].join("\n");
}

/** Columns: name and phone. */
export function makeList(ctx: Context, csv: string): Promise<RecipientList> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(csv);
  }
  const mapping = { phone: "phone", fields: ["name"] };
  return importList(ctx, { id: newId(), name: "List", fileName: "list.csv", mapping, stream: stream() });
}

/** A draft of ctx's tenant with sender and audience; the sender is the tree's. */
export async function makeCampaign(
  ctx: Context,
  tree: SendingTree,
  { rows = 3, listId, template = "Hi {{name}}" }: { rows?: number; listId?: string; template?: string } = {},
): Promise<Campaign> {
  const [sender] = await ctx.db.sql<{ id: string }[]>`
    select id from senders where tenant_id = ${ctx.tenantId} and name = ${tree.senderName}`;
  const audience = listId ?? (await makeList(ctx, nameRows(rows))).id;
  const { id } = await createCampaign(ctx, { id: newId(), name: "Campaign", senderId: sender?.id, template });
  return setAudience(ctx, { id, listId: audience });
}

/** Names of the events that a campaign has put into the outbox. */
export async function eventsOf(db: Database, campaignId: string): Promise<string[]> {
  const rows = await db.sql<{ name: string }[]>`
    select name from outbox where data->>'campaignId' = ${campaignId} order by id`;
  return rows.map((row) => row.name);
}
