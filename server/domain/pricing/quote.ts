/** Says what a send would cost before it is made, to each viewer its own edges only. Charged by the same allocation. */
import { allocate, type Piece, type Shortfall } from "#server/domain/ledger/allocate.ts";
import { buyersWithExpiredOrder, loadOffer } from "#server/domain/ledger/offer.ts";
import { explainRefusal, type RefusalReason } from "#server/domain/pricing/explain-refusal.ts";
import { type QuoteGroup, type QuoteInput, quote as schema } from "#server/domain/pricing/input.ts";
import { addPiece, type QuoteLine, type QuoteTotal, sumBy } from "#server/domain/pricing/quote-lines.ts";
import { type Tenant, tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { asSystem, type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type QuoteRefusal = RefusalReason & { messages: number; parts: number };

export type Quote = {
  tenantId: string;
  /** That would be accepted. */
  messages: number;
  parts: number;
  refused: QuoteRefusal[];
  /** One line per hop and order that would pay, only those that the viewer may see; hop 0 is the sender's purchase. */
  lines: QuoteLine[];
  /** What the viewer takes from its child on the way (nothing when the viewer itself sends), by currency. */
  sell: QuoteTotal[];
  /** What the viewer pays its own provider (nothing for the aggregator), by currency. */
  cost: QuoteTotal[];
  /** Sell minus cost; null unless both are in one and the same currency. */
  margin: QuoteTotal | null;
};

/**
 * The figures are those of the moment: a send that follows charges exactly these, unless somebody else used the same
 * orders in between.
 * @throws not_found `tenant_not_found`
 */
export async function quote(ctx: Context, input: QuoteInput): Promise<Quote> {
  allow(ctx, "prices.read");
  const { tenantId = ctx.tenantId, groups } = parse(schema, input);
  const tenant = await inTransaction(ctx, (ctx) => tenantInScope(ctx, tenantId));
  // Orders above the viewer decide too, so they are read; nothing of them is returned.
  return asSystem(ctx, async (ctx) => answer(ctx, tenant, groups));
}

async function answer(ctx: InTx, tenant: Tenant, groups: QuoteGroup[]): Promise<Quote> {
  const { ancestors } = tenant;
  const demands = groups.map((group) => ({ ...group, tenantId: tenant.id, ancestors }));
  const offer = await loadOffer(ctx, demands, false);
  const bought: { piece: Piece; parts: number }[] = [];
  const short: (Shortfall & { parts: number })[] = [];
  for (const demand of demands) {
    const { pieces, shortfall } = allocate(offer, demand, demand.count);
    bought.push(...pieces.map((piece) => ({ piece, parts: demand.parts })));
    if (shortfall) short.push({ ...shortfall, parts: demand.parts });
  }
  const lines = new Map<string, QuoteLine>();
  for (const { piece, parts } of bought) addPiece(lines, piece, parts, ctx.tenantId, ancestors);
  const visible = [...lines.values()].sort((a, b) => a.hop - b.hop || (a.orderNumber < b.orderNumber ? -1 : 1));
  const sell = sumBy(visible.filter((l) => l.sellerId === ctx.tenantId));
  const cost = sumBy(visible.filter((l) => l.buyerId === ctx.tenantId));
  return {
    tenantId: tenant.id,
    messages: bought.reduce((sum, b) => sum + b.piece.count, 0),
    parts: bought.reduce((sum, b) => sum + b.piece.count * b.parts, 0),
    refused: await refusals(ctx, short, ancestors),
    lines: visible,
    sell,
    cost,
    margin: marginOf(sell, cost),
  };
}

async function refusals(
  ctx: InTx,
  short: (Shortfall & { parts: number })[],
  ancestors: string[],
): Promise<QuoteRefusal[]> {
  const bare = short.filter((s) => s.code === "no_order").map((s) => s.buyerId);
  const expired = bare.length > 0 ? await buyersWithExpiredOrder(ctx, [...new Set(bare)]) : new Set<string>();
  const byReason = new Map<string, QuoteRefusal>();
  for (const s of short) {
    const code = s.code === "no_order" && expired.has(s.buyerId) ? "order_expired" : s.code;
    const reason = explainRefusal({ ...s, code }, ctx.tenantId, ancestors);
    const key = `${reason.code}|${reason.edge?.buyerId}|${reason.edge?.orderNumber}`;
    const before = byReason.get(key) ?? { ...reason, messages: 0, parts: 0 };
    before.messages += s.count;
    before.parts += s.count * s.parts;
    byReason.set(key, before);
  }
  return [...byReason.values()];
}

function marginOf(sell: QuoteTotal[], cost: QuoteTotal[]): QuoteTotal | null {
  const [income, ...otherIncome] = sell;
  const [expense, ...otherExpense] = cost;
  if (!income || otherIncome.length > 0 || otherExpense.length > 0) return null;
  if (expense && expense.currency !== income.currency) return null;
  return { currency: income.currency, micros: income.micros - (expense?.micros ?? 0n) };
}
