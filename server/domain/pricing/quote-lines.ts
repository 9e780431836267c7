/** Adds up a quote by hop and order. Pure. */
import type { Piece } from "#server/domain/ledger/allocate.ts";
import { mayViewEdge } from "#server/domain/pricing/visible-hops.ts";

export type QuoteLine = {
  hop: number;
  orderId: string;
  orderNumber: string;
  sellerId: string;
  buyerId: string;
  currency: string;
  messages: number;
  parts: number;
  totalMicros: bigint;
  /** What the order would have left; null = not bounded in this. */
  leftAfterMicros: bigint | null;
  leftAfterParts: bigint | null;
};
export type QuoteTotal = { currency: string; micros: bigint };

/** @param parts per message */
export function addPiece(
  lines: Map<string, QuoteLine>,
  piece: Piece,
  parts: number,
  viewerTenantId: string,
  ancestors: string[],
): void {
  piece.chain.forEach(({ order, unitPriceMicros }, hop) => {
    if (!mayViewEdge(order.buyerId, viewerTenantId, ancestors)) return;
    const line = lines.get(order.id) ?? {
      hop,
      orderId: order.id,
      orderNumber: order.number,
      sellerId: order.sellerId,
      buyerId: order.buyerId,
      currency: order.currency,
      messages: 0,
      parts: 0,
      totalMicros: 0n,
      // The whole allocation has run: this is what is left after all of it.
      leftAfterMicros: order.money?.left ?? null,
      leftAfterParts: order.parts?.left ?? null,
    };
    line.messages += piece.count;
    line.parts += piece.count * parts;
    line.totalMicros += BigInt(piece.count * parts) * unitPriceMicros;
    lines.set(order.id, line);
  });
}

export function sumBy(lines: QuoteLine[]): QuoteTotal[] {
  const totals = new Map<string, bigint>();
  for (const l of lines) totals.set(l.currency, (totals.get(l.currency) ?? 0n) + l.totalMicros);
  return [...totals].map(([currency, micros]) => ({ currency, micros }));
}
