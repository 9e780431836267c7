/** Finds the part that a carrier's id means: by the id as written, then in the other notations that carriers use. */
import { carrierIdVariants } from "#server/domain/delivery/normalise-carrier-id.ts";
import type { InTx } from "#server/kernel/context.ts";

export type Wanted = { carrierId: string; msisdn: string };
export type Reference = { messageId: string; carrierId: string; partNumber: number; msisdn: string };

/**
 * By position; null = no part of this connector has that id. Another notation counts only when the number agrees as
 * well: 10 in hex is 16, and both may be ids.
 */
export async function matchReferences(
  ctx: InTx,
  connectorId: string,
  wanted: readonly Wanted[],
): Promise<(Reference | null)[]> {
  const variants = wanted.map((w) => carrierIdVariants(w.carrierId));
  const all = [...new Set(variants.flat())];
  if (all.length === 0) return [];
  const rows = await ctx.tx.sql<Reference[]>`
    select r.message_id as "messageId", r.carrier_id as "carrierId", r.part_number as "partNumber", m.msisdn
    from carrier_refs r join messages m on m.id = r.message_id
    where r.connector_id = ${connectorId} and r.carrier_id = any(${all}::text[])`;
  const byId = new Map<string, Reference[]>();
  for (const row of rows) byId.set(row.carrierId, [...(byId.get(row.carrierId) ?? []), row]);
  return wanted.map(({ msisdn }, index) => {
    const [exact = "", ...others] = variants[index] ?? [];
    const direct = byId.get(exact) ?? [];
    const sameNumber = (rows: Reference[]) => rows.find((row) => row.msisdn === msisdn) ?? null;
    const onlyOne = direct.length === 1 ? (direct[0] ?? null) : null;
    return sameNumber(direct) ?? sameNumber(others.flatMap((id) => byId.get(id) ?? [])) ?? onlyOne;
  });
}
