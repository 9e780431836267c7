/** Gives suites the webhook worker and a tenant of its own for each test, whose endpoints it serves alone. */
import { beforeEach, expect, onTestFinished } from "vitest";
import type { Database } from "#db/client.ts";
import { getWebhook } from "#server/domain/webhooks/list.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { eventIdsOf, type Sink } from "#tests/webhooks.ts";
import { type FleetOptions, WebhookFleet } from "#workers/webhooks/fleet.ts";

export const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read);
export const nothingWaits = { fresh: 0, retries: 0, oldestAt: null };
const sorted = (values: Iterable<string>) => [...values].sort();

/** Every event of these messages came, and no other. */
export async function expectAll(sink: Sink, ids: readonly string[]): Promise<void> {
  await eventually(() => sink.distinct.size).toBe(ids.length);
  expect(sorted(sink.distinct)).toEqual(sorted(eventIdsOf(ids)));
}

export function fleetOn(db: Database) {
  const tenants = { own: "", other: "" };
  beforeEach(async () => {
    await db.sql`update webhook_endpoints set status = 'deleted'`;
    const tree = await makeTree(db);
    tenants.own = tree.partner.id;
    tenants.other = tree.sibling.id;
  });
  const owner = () => contextFor(db, tenants.own);
  return {
    tenants,
    owner,
    async startFleet(options?: FleetOptions): Promise<WebhookFleet> {
      const fleet = new WebhookFleet(db, options);
      onTestFinished(() => fleet.stop());
      await fleet.start();
      return fleet;
    },
    waitingOf: async (id: string) => (await getWebhook(owner(), { id })).waiting,
    /** As if the time of the next tries had come. */
    async hurry(id: string): Promise<void> {
      await db.sql`update webhook_retries set ready_at = now() where endpoint_id = ${id}`;
      await db.sql`update webhook_endpoints set retry_at = now() where id = ${id} and retry_at is not null`;
    },
    /** Nothing of it is under way any more. */
    released: (id: string) =>
      eventually(async () => {
        const [row] = await db.sql`select lease_owner from webhook_endpoints where id = ${id}`;
        return row?.lease_owner;
      }).toBeNull(),
  };
}
