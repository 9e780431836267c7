/** Adds amount, parts or time to a running order, as a change of its own with its own transfer. */
import { eq } from "drizzle-orm";
import { orders } from "#db/schema/orders.ts";
import { lockOrder, partsUnit, setFloors } from "#server/domain/ledger/accounts.ts";
import { reviewStatuses } from "#server/domain/ledger/move-status.ts";
import { transfer } from "#server/domain/ledger/transfer.ts";
import { runningStatuses } from "#server/domain/ledger/usage.ts";
import { fund } from "#server/domain/orders/activate.ts";
import { mostMicros, mostParts, topUpOrder as schema, type TopUpOrder } from "#server/domain/orders/input.ts";
import { type Order, orderInScope, soldOrderInScope } from "#server/domain/orders/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict, invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

type Change = ReturnType<typeof schema.parse>;

/**
 * Idempotent by `input.id`. A dimension that the order leaves open stays open.
 * @throws conflict `order_not_running`, `top_up_id_taken` · invalid_input `not_bounded`, `order_validity`, `order_too_large`
 */
export async function topUpOrder(ctx: Context, input: TopUpOrder): Promise<Order> {
  allow(ctx, "orders.write");
  const change = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await orderInScope(ctx, change.orderId);
    await lockOrder(ctx, change.orderId);
    const before = await soldOrderInScope(ctx, change.orderId);
    if (await isKnown(ctx, change)) return before;
    check(ctx, before, change);
    const after = {
      amountMicros: plus(before.amountMicros, change.addAmountMicros),
      partsLimit: plus(before.partsLimit, change.addParts),
      validUntil: change.validUntil ?? before.validUntil,
    };
    checkSize(after);
    await ctx.tx.db
      .update(orders)
      .set({ ...after, updatedAt: ctx.clock.now() })
      .where(eq(orders.id, before.id));
    await setFloors(ctx, { ...before, ...after, orderId: before.id });
    await transfer(ctx, [
      ...(before.kind === "prepaid" ? fund(before, before.currency, change.addAmountMicros ?? null, change.id) : []),
      ...fund(before, partsUnit, change.addParts ?? null, change.id),
    ]);
    await reviewStatuses(ctx, [before.id]);
    await audit(ctx, {
      action: "orders.top_up",
      subjectType: "order",
      subjectId: before.id,
      tenantId: before.sellerId,
      detail: { ...change, changeId: change.id },
    });
    return orderInScope(ctx, before.id);
  });
}

/** A change that only adds time makes no transfer, so the audit row is what knows it; the accounts' lock makes this safe. */
async function isKnown(ctx: InTx, change: Change): Promise<boolean> {
  const [row] = await ctx.tx.sql<{ detail: Record<string, unknown> }[]>`
    select detail from audit_log
    where subject_id = ${change.orderId} and action = 'orders.top_up' and detail->>'changeId' = ${change.id}`;
  if (!row) return false;
  const same = changed.every((name) => text(row.detail[name]) === text(change[name]));
  if (!same) throw conflict("top_up_id_taken", "This id was used for another top-up of the order. Choose a new one.");
  return true;
}

const changed = ["addAmountMicros", "addParts", "validUntil", "note"] as const;
/** As the audit log writes it. */
const text = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value ?? ""));

function check(ctx: Context, order: Order, change: Change): void {
  if (!runningStatuses.some((status) => status === order.status)) {
    throw conflict("order_not_running", "Only a running order can be topped up. Make a new order instead.");
  }
  const unbounded =
    (change.addAmountMicros !== undefined && order.amountMicros === null && "addAmountMicros") ||
    (change.addParts !== undefined && order.partsLimit === null && "addParts");
  if (unbounded) {
    throw invalidInput("not_bounded", "The order has no limit of this kind that could be raised.", {
      field: unbounded,
    });
  }
  if (change.validUntil && (change.validUntil <= order.validUntil || change.validUntil <= ctx.clock.now())) {
    throw invalidInput("order_validity", "The new end must be later than the present one.", { field: "validUntil" });
  }
}

function checkSize({ amountMicros, partsLimit }: Pick<Order, "amountMicros" | "partsLimit">): void {
  const field =
    ((amountMicros ?? 0n) > mostMicros && "addAmountMicros") || ((partsLimit ?? 0n) > mostParts && "addParts");
  if (field) {
    throw invalidInput("order_too_large", "The order would become larger than an order can be. Make a new one.", {
      field,
    });
  }
}

const plus = (limit: bigint | null, more: bigint | undefined): bigint | null =>
  limit === null ? null : limit + (more ?? 0n);
