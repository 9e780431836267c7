/** Brings news of orders and campaigns to the webhooks that asked for them. */
import { campaignCompleted } from "#server/domain/campaigns/events.ts";
import { orderNearlyUsed, orderUsedUp } from "#server/domain/ledger/events.ts";
import { queueOtherEvent } from "#server/domain/webhooks/queue-events.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { asSystem, jobContext } from "#server/kernel/context.ts";
import { namedId } from "#server/kernel/id.ts";

type News = Omit<Parameters<typeof queueOtherEvent>[1], "id">;

export const tellWebhooks = inngest.createFunction(
  {
    id: "tell-webhooks",
    triggers: [{ event: orderNearlyUsed.name }, { event: orderUsedUp.name }, { event: campaignCompleted.name }],
    retries: 8,
  },
  async ({ event, step, runId }) => {
    const news = readNews(event.name, event.data);
    await step.run("queue", () =>
      asSystem(jobContext(jobBase(), "tell-webhooks", news.tenantId, runId), (ctx) =>
        queueOtherEvent(ctx, { ...news, id: namedId("webhook", event.id ?? runId) }),
      ),
    );
  },
);

/** Of an order its buyer is told: it is the buyer's credit that runs out. */
function readNews(name: string, data: unknown): News {
  if (name === campaignCompleted.name) {
    const { campaignId, tenantId } = campaignCompleted.schema.parse(data);
    return { tenantId, type: "campaign.finished", data: { campaignId } };
  }
  const { orderId, number, buyerId, usedPercent } = orderUsedUp.schema.parse(data);
  const type = name === orderUsedUp.name ? "order.used_up" : "order.nearly_used";
  return { tenantId: buyerId, type, data: { orderId, number, usedPercent } };
}
