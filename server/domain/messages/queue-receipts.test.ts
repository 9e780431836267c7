/** What a message's way through its statuses queues for webhooks: once each, as asked for, for its own account only. */
import { expect, it } from "vitest";
import { applyTransitions, type Transition } from "#server/domain/messages/transition.ts";
import { createWebhook } from "#server/domain/webhooks/create.ts";
import type { WebhookEventType } from "#server/domain/webhooks/input.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { workerContext } from "#tests/delivering.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();

it("queues events for the endpoints that asked for them, in the transaction that makes them", async () => {
  const tree = await makeSendingTree(db);
  const endpoint = async (tenantId: string, events?: WebhookEventType[]) =>
    (await createWebhook(contextFor(db, tenantId), { id: newId(), url: "http://127.0.0.1:9/", events })).id;
  const ends = await endpoint(tree.subaccount.id);
  const all = await endpoint(tree.subaccount.id, ["message.sent", "message.delivered", "message.undelivered"]);
  const above = await endpoint(tree.partner.id);
  const items = [
    itemOf(),
    itemOf({ receipt: "on_failure" }),
    itemOf({ receipt: false }),
    itemOf({ receipt: "on_failure" }),
  ];
  await send(contextFor(db, tree.subaccount.id), items);
  const [one = "", onFailure = "", never = "", failed = ""] = items.map((item) => item.id);
  const apply = (transitions: Transition[]) => asSystem(workerContext(db), (ctx) => applyTransitions(ctx, transitions));
  await apply([one, onFailure, never, failed].map((messageId) => ({ messageId, status: "sent" as const })));
  const end = () =>
    apply([
      ...[one, onFailure, never].map((messageId) => ({ messageId, status: "delivered" as const })),
      { messageId: failed, status: "undelivered", errorCode: "012" },
    ]);
  await end();
  await end();
  const queued = async (receiverId: string) =>
    db.sql`select message_id as id, status, error_code as "errorCode", tenant_id as "tenantId", channel
      from outgoing_receipts where receiver_id = ${receiverId} order by id`;
  const common = { tenantId: tree.subaccount.id, channel: "webhook" };
  const lasts = [
    { ...common, id: one, status: "delivered", errorCode: null },
    { ...common, id: failed, status: "undelivered", errorCode: "012" },
  ];
  expect(await queued(ends)).toEqual(lasts);
  expect(await queued(all)).toEqual([{ ...common, id: one, status: "sent", errorCode: null }, ...lasts]);
  expect(await queued(above)).toEqual([]);
});
