/** Finds exchanges again: in the blocks around a moment, by the key under which they were written. */
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { type Exchange, type ExchangeKind, exchangeKinds, readExchanges } from "#server/domain/traces/exchange.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type Search = {
  kinds: readonly ExchangeKind[];
  /** Exchanges that were over in this stretch of time, both ends in Unix milliseconds. */
  fromMs: number;
  toMs: number;
  isWanted(key: string, kind: ExchangeKind): boolean;
  /** Enough is found: nothing more is opened. */
  isEnough(found: readonly Exchange[]): boolean;
};

const inflate = promisify(inflateRaw);
/** A block is closed half a second after its first exchange, later only when the process was busy. */
const latestCloseMs = 3_000;
/** Blocks that are read and opened at a time, and in all: at full load a second has some ten of them. */
const atOnce = 12;
const mostBlocks = 96;

/**
 * Looks without a scope: the caller has shown that its reader may see the message that the keys belong to.
 * @returns in the order in which they were over
 */
export async function searchExchanges(ctx: Context, search: Search): Promise<Exchange[]> {
  const { kinds, fromMs, toMs, isWanted, isEnough } = search;
  const bits = kinds.reduce((sum, kind) => sum | exchangeKinds[kind], 0);
  const [from, to] = [new Date(Math.max(0, fromMs)), new Date(toMs + latestCloseMs)];
  const found: Exchange[] = [];
  let afterId: string | null = null;
  for (let opened = 0; opened < mostBlocks; opened += atOnce) {
    const blocks: { id: string; bytes: Buffer }[] = await asSystem(
      ctx,
      ({ tx: { sql } }) => sql<{ id: string; bytes: Buffer }[]>`
        select id, bytes from wire_blocks
        where id >= banyan_uuid7_floor(${from}) and id <= banyan_uuid7_floor(${to})
          and (${afterId}::uuid is null or id > ${afterId}::uuid) and kinds & ${bits}::smallint <> 0
        order by id limit ${atOnce}`,
    );
    for (const { bytes } of blocks) {
      const block = await inflate(bytes).catch(() => Buffer.alloc(0));
      found.push(...readExchanges(block, (kind, key) => kinds.includes(kind) && isWanted(key, kind)));
    }
    afterId = blocks.at(-1)?.id ?? null;
    if (blocks.length < atOnce || isEnough(found)) break;
  }
  return found.sort((a, b) => a.atMs - b.atMs);
}
