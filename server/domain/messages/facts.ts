/** All that submit reads to decide on its lines, sent in one go: known ids, days, senders, opt-outs, routes, policies, orders. */
import { loadOffer, type Offer } from "#server/domain/ledger/offer.ts";
import { type KnownRow, loadKnown } from "#server/domain/messages/answer-known.ts";
import { isOpen, type Line } from "#server/domain/messages/line.ts";
import { type ApprovedSenders, loadDays, loadOptOuts, loadSenders } from "#server/domain/messages/load-sending.ts";
import { moderationSnapshot, type Snapshot } from "#server/domain/moderation/policy-snapshot.ts";
import { type RouteTable, routeTable } from "#server/domain/routing/choose-route.ts";
import type { InTx } from "#server/kernel/context.ts";
import { together } from "#server/kernel/together.ts";

export type Facts = {
  known: ReadonlyMap<string, KnownRow>;
  days: { hasRoomFor(messageId: string): boolean };
  senders: ApprovedSenders;
  optOuts: { has(line: Line): boolean };
  routes: RouteTable;
  /** By tenant, of those whose texts are to be looked at. */
  policies: ReadonlyMap<string, Snapshot>;
  offer: Offer;
};

/**
 * Lines that are refused already are asked for as well when their id may be known: the first answer holds.
 * @param lock the accounts of the orders, until the end of the transaction
 */
export async function readFacts(ctx: InTx, lines: readonly Line[], lock: boolean): Promise<Facts> {
  const open = lines.filter(isOpen);
  const tenants = [...new Set(open.map((line) => line.tenant))];
  const ancestors = [...new Set(tenants.flatMap((tenant) => tenant.ancestors))];
  const [known, days, senders, optOuts, routes, policies, offer] = await together([
    loadKnown(ctx, lines),
    loadDays(ctx),
    loadSenders(ctx, open),
    loadOptOuts(ctx, open),
    routeTable(ctx, ancestors),
    loadPolicies(ctx, open),
    // Last, because a lock may have to wait.
    loadOffer(ctx, open.map(wantedOf), lock),
  ]);
  return { known, days, senders, optOuts, routes, policies, offer };
}

const wantedOf = (line: Line) => ({
  ancestors: line.tenant.ancestors,
  country: line.country,
  trafficClass: line.item.class,
});

/** A campaign's content was screened as a whole before its job expands it; nobody else may skip this. */
export const isScreened = ({ submission: { ctx, input } }: Line): boolean =>
  !(input.skipScreening && ctx.actor.type === "job");

async function loadPolicies(ctx: InTx, open: readonly Line[]): Promise<Map<string, Snapshot>> {
  const tenants = new Map(open.filter(isScreened).map(({ tenant }) => [tenant.id, tenant.ancestors]));
  const found = await together(
    [...tenants].map(async ([id, ancestors]) => [id, await moderationSnapshot(ctx, id, ancestors)] as const),
  );
  return new Map(found);
}
