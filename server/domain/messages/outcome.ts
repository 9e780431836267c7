/** What submit answers for each message. */
import type { HopPrice } from "#server/domain/ledger/hold.ts";
import type { Refusal } from "#server/domain/messages/refusal.ts";
import type { Encoding } from "#server/domain/messages/segment.ts";
import { seesMoney } from "#server/kernel/allow.ts";
import type { Context } from "#server/kernel/context.ts";

export type SubmitOutcome = {
  id: string;
  /** E.164 digits when the number could be read, else as it was given. */
  to: string;
  status: "queued" | "review" | "refused";
  parts: number;
  encoding: Encoding;
  operatorId: string | null;
  /** Only the edges that the caller may see: its own purchase; none for those who may not see money. */
  prices: HopPrice[];
  error?: Refusal;
};

/** An answer that was made for another caller of the same tenant, as this one may see it. */
export const shownTo = (ctx: Pick<Context, "actor">, outcomes: SubmitOutcome[]): SubmitOutcome[] =>
  seesMoney(ctx) ? outcomes : outcomes.map((outcome) => ({ ...outcome, prices: [] }));

/** JSON for the database: bigints as decimal text. */
export function outcomesToJson(outcomes: readonly SubmitOutcome[]): string {
  return JSON.stringify(outcomes, (_, value) => (typeof value === "bigint" ? value.toString() : value));
}

type Stored<T> = { [K in keyof T]: T[K] extends bigint ? string : T[K] };
type StoredOutcome = Omit<SubmitOutcome, "prices"> & { prices: Stored<HopPrice>[] };

export function outcomesFromJson(stored: unknown): SubmitOutcome[] {
  return (stored as StoredOutcome[]).map((outcome) => ({
    ...outcome,
    prices: outcome.prices.map((price) => ({
      ...price,
      unitPriceMicros: BigInt(price.unitPriceMicros),
      totalMicros: BigInt(price.totalMicros),
    })),
  }));
}
