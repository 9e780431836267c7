/** One round of sharing: who of those that wait is served next, and what it costs them. Pure; nothing lasts before commit(). */
import type { ContractBook, Holder } from "#server/domain/throughput/book.ts";

/** What waits of one tenant in one lane, or what it was given. */
export type LaneShare = {
  /** 0 one-time codes, 1 transactional, 2 bulk. */
  lane: number;
  tenantId: string;
  /** Its ancestors from the root on, itself last. */
  path: readonly string[];
  /** Messages; Infinity = nobody counted that far. */
  count: number;
};

/**
 * Start-time fair queueing (Goyal, Vin, Cheng 1996): who was served carries on where its share ends (`finish`), who
 * comes back from a rest begins where its siblings are (`clock`, by parent). Exact over many rounds, whatever their size.
 */
export type Turns = { finish: Map<string, number>; clock: Map<string, number> };
export const noTurns = (): Turns => ({ finish: new Map(), clock: new Map() });

type Account = { holder: Holder; reserved: number; cap: number; spentReserved: number; spentCap: number };
/** A tenant on the way from the root to who waits; its last one stands for its own traffic beside its children's. */
type Step = { key: string; parentKey: string; weight: number };
export type Leaf = {
  share: LaneShare;
  left: number;
  granted: number;
  steps: Step[];
  /** The contracts over it, the nearest last, with their place on the path. */
  accounts: { place: number; account: Account }[];
};

export class Round {
  readonly leaves: Leaf[];
  private readonly changed = noTurns();
  private readonly accounts = new Map<Holder, Account>();

  constructor(
    shares: readonly LaneShare[],
    private readonly book: ContractBook,
    private readonly turns: Turns,
    private readonly nowMs: number,
  ) {
    this.leaves = shares.map((share) => this.leafOf(share));
  }

  /** Serves a lane until nobody in it is left who may be served. @returns the room that is left */
  fill(lane: number, room: number, within: "reserved" | "idle", picks: number): number {
    const quantum = Math.max(1, Math.floor(room / picks));
    let left = room;
    const isOpen = (leaf: Leaf) => leaf.left >= 1 && headroom(leaf) >= 1;
    let open = this.leaves.filter((leaf) => leaf.share.lane === lane && isOpen(leaf));
    if (within === "reserved") open = open.filter((leaf) => coverOf(leaf));
    while (left >= 1) {
      const cover = within === "reserved" ? this.fullest(open) : null;
      if (within === "reserved" && !cover) break;
      const candidates = cover ? open.filter((leaf) => coverOf(leaf)?.account === cover) : open;
      const leaf = this.next(candidates, cover ? (coverOf(candidates[0])?.place ?? -1) + 1 : 0);
      if (!leaf) break;
      const most = cover ? Math.floor(cover.reserved) : Number.POSITIVE_INFINITY;
      const count = Math.min(quantum, left, leaf.left, headroom(leaf), most);
      this.serve(leaf, Math.floor(count));
      left -= Math.floor(count);
      // Who has no contract closes nobody else.
      if (leaf.left < 1 || leaf.accounts.length > 0) open = open.filter(isOpen);
    }
    return left;
  }

  /** Reservations pay first, the nearest before those above it; what they do not cover moves its turn on. */
  serve(leaf: Leaf, count: number): void {
    leaf.left -= count;
    leaf.granted += count;
    let rest = count;
    while (rest > 0) {
      const cover = coverOf(leaf);
      const paid = cover ? Math.min(rest, Math.floor(cover.account.reserved)) : rest;
      this.moveOn(leaf, paid, cover ? cover.place + 1 : 0);
      if (cover) {
        cover.account.reserved -= paid;
        cover.account.spentReserved += paid;
      }
      rest -= paid;
    }
    for (const { account } of leaf.accounts) {
      account.cap -= count;
      account.spentCap += count;
    }
  }

  /** Makes it so: turns move on, tokens are gone. */
  commit(): void {
    for (const [key, finish] of this.changed.finish) this.turns.finish.set(key, finish);
    for (const [key, clock] of this.changed.clock) this.turns.clock.set(key, clock);
    for (const { holder, spentReserved, spentCap } of this.accounts.values()) {
      if (spentReserved > 0) holder.reserved?.spend(spentReserved, this.nowMs);
      if (spentCap > 0) holder.cap?.spend(spentCap, this.nowMs);
    }
  }

  private leafOf(share: LaneShare): Leaf {
    const { lane, path } = share;
    const steps: Step[] = path.map((tenantId, place) => ({
      key: `${lane}${tenantId}`,
      parentKey: `${lane}${path[place - 1] ?? ""}`,
      weight: this.book.of(tenantId)?.terms.weight ?? 1,
    }));
    const own = `${lane}${path.at(-1) ?? ""}`;
    steps.push({ key: `${own}+`, parentKey: own, weight: 1 });
    const accounts = path.flatMap((tenantId, place) => {
      const holder = this.book.of(tenantId);
      return holder ? [{ place, account: this.accountOf(holder) }] : [];
    });
    return { share, left: share.count, granted: 0, steps, accounts };
  }

  private accountOf(holder: Holder): Account {
    const known = this.accounts.get(holder);
    if (known) return known;
    const reserved = holder.reserved?.available(this.nowMs) ?? 0;
    const cap = holder.cap?.available(this.nowMs) ?? Number.POSITIVE_INFINITY;
    const account = { holder, reserved, cap, spentReserved: 0, spentCap: 0 };
    this.accounts.set(holder, account);
    return account;
  }

  /** The reservation that has waited longest, measured in its own seconds. */
  private fullest(open: readonly Leaf[]): Account | null {
    let best: Account | null = null;
    let most = 0;
    for (const leaf of open) {
      const account = coverOf(leaf)?.account;
      const seconds = account ? account.reserved / (account.holder.reserved?.rate ?? 1) : 0;
      if (account && seconds > most) [best, most] = [account, seconds];
    }
    return best;
  }

  /** Down the tree, at every fork to the child whose turn comes first. */
  private next(candidates: readonly Leaf[], from: number): Leaf | null {
    let among = candidates;
    for (let depth = from; among.length > 1; depth += 1) {
      let best = "";
      let first = Number.POSITIVE_INFINITY;
      for (const { steps } of among) {
        const step = steps[depth];
        if (!step || step.key === best) continue;
        const start = this.startOf(step);
        if (start < first) [best, first] = [step.key, start];
      }
      if (best === "") break;
      among = among.filter(({ steps }) => steps[depth]?.key === best);
    }
    return among[0] ?? null;
  }

  /** The clock goes to where the last one to get a turn began: nobody who waited is set back by it. */
  private moveOn(leaf: Leaf, count: number, from: number): void {
    for (const step of leaf.steps.slice(from)) {
      const start = this.startOf(step);
      if (!this.changed.finish.has(step.key)) {
        this.changed.clock.set(step.parentKey, Math.max(start, this.changed.clock.get(step.parentKey) ?? 0));
      }
      this.changed.finish.set(step.key, start + count / step.weight);
    }
  }

  private startOf({ key, parentKey }: Step): number {
    const finish = this.changed.finish.get(key) ?? this.turns.finish.get(key) ?? 0;
    return Math.max(finish, this.turns.clock.get(parentKey) ?? 0);
  }
}

/** What every contract over it allows still. */
export const headroom = (leaf: Leaf): number =>
  leaf.accounts.reduce((least, { account }) => Math.min(least, Math.floor(account.cap)), Number.POSITIVE_INFINITY);

/** The nearest contract that has something reserved left. */
const coverOf = (leaf: Leaf | undefined) => leaf?.accounts.findLast(({ account }) => account.reserved >= 1);
