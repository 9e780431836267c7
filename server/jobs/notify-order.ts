/** E-mails about an order that runs out or ends: to owners and finance of both its sides. */
import { notifyPeople } from "#server/domain/identity/notify-people.ts";
import { orderNearlyUsed, orderUsedUp } from "#server/domain/ledger/events.ts";
import { orderExpired } from "#server/domain/orders/events.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

type Notice = {
  kind: "order_nearly_used" | "order_used_up" | "order_expired";
  order: { orderId: string; number: string; sellerId: string; buyerId: string };
  /** A top-up makes a new notice due. */
  dedupeKey: string;
};

export const notifyOrder = inngest.createFunction(
  {
    id: "notify-order",
    triggers: [{ event: orderNearlyUsed.name }, { event: orderUsedUp.name }, { event: orderExpired.name }],
    retries: 5,
  },
  async ({ event, step, runId }) => {
    const { kind, order, dedupeKey } = readNotice(event.name, event.data);
    for (const side of ["buyerId", "sellerId"] as const) {
      await step.run(side, () =>
        notifyPeople(jobContext(jobBase(), "notify-order", order[side], runId), {
          to: { roles: ["owner", "finance"] },
          kind,
          data: { orderName: order.number },
          path: `/console/orders/${order.orderId}`,
          dedupeKey,
        }),
      );
    }
  },
);

function readNotice(name: string, data: unknown): Notice {
  if (name === orderExpired.name) {
    const order = orderExpired.schema.parse(data);
    return { kind: "order_expired", order, dedupeKey: `order_expired:${order.orderId}` };
  }
  const kind = name === orderUsedUp.name ? "order_used_up" : "order_nearly_used";
  const order = orderUsedUp.schema.parse(data);
  return { kind, order, dedupeKey: `${kind}:${order.orderId}:${order.amountMicros}:${order.partsLimit}` };
}
