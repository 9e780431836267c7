/** Divides a connector's room among tenants by their contracts; one for each connector, which remembers whose turn it is. */
import type { ContractBook } from "#server/domain/throughput/book.ts";
import { headroom, type LaneShare, noTurns, Round } from "#server/domain/throughput/round.ts";

/** Enough to be exact in small rounds, and few enough for large ones to be cheap. */
const picksOfRound = 64;
/** Beyond so many, those who rest are forgotten: they begin where the others are, as they would anyway. */
const mostTurns = 20_000;

const codes = 0;
const lanes = [1, 2] as const;

export class Shares {
  private turns = noTurns();
  /** How long until a contract that holds somebody back lets one more message through; 0 = none holds back. */
  heldForMs = 0;

  constructor(
    readonly book: ContractBook,
    private readonly picks = picksOfRound,
  ) {}

  /**
   * Who gets how much of `room`: one-time codes first; then what is reserved, transactional before bulk; then, by
   * weight at every fork of the tree, what nobody reserved or uses. No more than contracts allow. Changes nothing:
   * what was really taken is told by settle().
   */
  plan(room: number, waiting: readonly LaneShare[], nowMs: number): LaneShare[] {
    const round = new Round(waiting, this.book, this.turns, nowMs);
    let left = round.fill(codes, room, "idle", this.picks);
    for (const within of ["reserved", "idle"] as const) {
      for (const lane of lanes) left = round.fill(lane, left, within, this.picks);
    }
    this.heldForMs = 0;
    for (const leaf of round.leaves) {
      if (leaf.left < 1 || headroom(leaf) >= 1) continue;
      const full = leaf.accounts.filter(({ account }) => account.cap < 1);
      for (const { account } of full) this.book.hold(account.holder.terms.tenantId);
      const waits = full.map(({ account: { holder, cap } }) => ((1 - cap) / (holder.cap?.rate ?? 1)) * 1_000);
      const wait = Math.max(1, Math.ceil(Math.max(...waits)));
      this.heldForMs = this.heldForMs === 0 ? wait : Math.min(this.heldForMs, wait);
    }
    return round.leaves.filter((leaf) => leaf.granted > 0).map((leaf) => ({ ...leaf.share, count: leaf.granted }));
  }

  /** What was taken of a plan. */
  settle(taken: readonly LaneShare[], nowMs: number): void {
    const served = taken.filter(({ count }) => count > 0);
    if (this.turns.finish.size > mostTurns) this.turns = noTurns();
    const round = new Round(served, this.book, this.turns, nowMs);
    for (const leaf of round.leaves) round.serve(leaf, leaf.share.count);
    round.commit();
    for (const { path, count } of served) this.book.count(path, count);
  }
}
