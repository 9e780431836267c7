/** Scoping: a price list is its seller's. What a buyer may see of it, it sees in its order. */
import { priceListItems, type priceLists } from "#db/schema/orders.ts";
import type { PriceLine } from "#server/domain/pricing/input.ts";
import type { InTx } from "#server/kernel/context.ts";
import { invalidInput, notFound } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";

export type PriceList = typeof priceLists.$inferSelect;

/**
 * Row-level security lets a buyer through to the list of its order, so the seller is checked here.
 * @throws not_found `price_list_not_found`
 */
export async function priceListInScope(ctx: InTx, id: string): Promise<PriceList> {
  const [row] = await ctx.tx.sql<PriceList[]>`
    select p.id, p.tenant_id as "tenantId", p.name, p.currency, p.post_on as "postOn", p.created_at as "createdAt",
      p.updated_at as "updatedAt"
    from price_lists p join tenants t on t.id = p.tenant_id
    where p.id = ${id} and t.ancestors @> array[${ctx.tenantId}::uuid]`;
  if (!row) throw notFound("price_list");
  return row;
}

/** @throws invalid_input `unknown_operator` when a line's operator is not of the line's country */
export async function insertLines(
  ctx: InTx,
  list: Pick<PriceList, "id" | "tenantId">,
  lines: PriceLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await checkOperators(ctx, lines);
  await ctx.tx.db.insert(priceListItems).values(
    lines.map((line) => ({
      ...line,
      id: newId(),
      priceListId: list.id,
      tenantId: list.tenantId,
      operatorId: line.operatorId === "*" ? null : line.operatorId,
    })),
  );
}

async function checkOperators(ctx: InTx, lines: PriceLine[]): Promise<void> {
  const named = lines.filter(({ operatorId }) => operatorId !== "*").map((line) => line.operatorId);
  const known = await ctx.tx.sql<{ id: string; country: string }[]>`
    select id, country from operators where id = any(${[...new Set(named)]}::text[])`;
  const countryOf = new Map(known.map(({ id, country }) => [id, country]));
  const wrong = lines.findIndex((line) => line.operatorId !== "*" && countryOf.get(line.operatorId) !== line.country);
  if (wrong < 0) return;
  const { operatorId, country } = lines[wrong] as PriceLine;
  throw invalidInput("unknown_operator", `There is no operator ${operatorId} in ${country}.`, {
    field: `items.${wrong}.operatorId`,
  });
}
