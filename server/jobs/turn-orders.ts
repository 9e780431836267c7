/** Every minute: starts the orders whose validity has begun, ends those whose time is over, warns of those that are used. */
import { activateOrders } from "#server/domain/orders/activate.ts";
import { expireOrders } from "#server/domain/orders/expire.ts";
import { reviewOrders } from "#server/domain/orders/review.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";
import { nilId } from "#server/kernel/id.ts";

/** Batches of one run: what is left over waits a minute. Holds look at the dates themselves, so nothing is used late. */
const maxBatches = 20;

export const turnOrders = inngest.createFunction(
  { id: "turn-orders", triggers: [{ cron: "* * * * *" }], retries: 3, concurrency: [{ limit: 1 }] },
  async ({ step, runId }) => {
    const ctx = () => jobContext(jobBase(), "turn-orders", nilId, runId);
    for (let batch = 0; batch < maxBatches; batch++) {
      const { isDone } = await step.run(`activate-${batch}`, () => activateOrders(ctx()));
      if (isDone) break;
    }
    for (let batch = 0; batch < maxBatches; batch++) {
      const { isDone } = await step.run(`expire-${batch}`, () => expireOrders(ctx()));
      if (isDone) break;
    }
    for (let batch = 0; batch < maxBatches; batch++) {
      const { isDone } = await step.run(`review-${batch}`, () => reviewOrders(ctx()));
      if (isDone) break;
    }
  },
);
