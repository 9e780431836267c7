/** Which operator a number belongs to: longest prefix, over an in-process snapshot of the prefix table. */
import type { Database } from "#db/client.ts";
import type { Context } from "#server/kernel/context.ts";

export type Operator = { id: string; country: string; name: string };

export type OperatorDirectory = {
  /** @param msisdn E.164 digits without plus; null when no operator has the prefix */
  lookup(msisdn: string): Operator | null;
  byId(operatorId: string): Operator | null;
  all(): Operator[];
};

/** Prefixes change a few times a year; a minute is soon enough. */
const refreshMs = 60_000;

type Snapshot = { directory: Promise<OperatorDirectory>; loadedAtMs: number };
const snapshots = new WeakMap<Database["sql"], Snapshot>();

/**
 * Reads outside any transaction, at most once a minute and process. Call it before a transaction is opened, so that
 * no transaction ever waits for a second connection.
 */
export function operatorDirectory(ctx: Pick<Context, "db" | "clock">): Promise<OperatorDirectory> {
  const nowMs = ctx.clock.now().getTime();
  const known = snapshots.get(ctx.db.sql);
  if (known && Math.abs(nowMs - known.loadedAtMs) < refreshMs) return known.directory;
  const directory = loadDirectory(ctx.db);
  const fresh = { directory, loadedAtMs: nowMs };
  snapshots.set(ctx.db.sql, fresh);
  const forget = () => {
    if (snapshots.get(ctx.db.sql) === fresh) snapshots.delete(ctx.db.sql);
  };
  // A failed load is not kept, and neither is an empty table: the data may be loaded a moment later.
  directory.then((loaded) => loaded.all().length === 0 && forget(), forget);
  return directory;
}

async function loadDirectory(db: Database): Promise<OperatorDirectory> {
  const [operators, prefixes] = await Promise.all([
    db.sql<Operator[]>`select id, country, name from operators order by country, name`,
    db.sql<{ prefix: string; operatorId: string }[]>`
      select prefix, operator_id as "operatorId" from operator_prefixes`,
  ]);
  const byId = new Map(operators.map((operator) => [operator.id, operator]));
  const byPrefix = new Map<string, Operator>();
  const lengths = new Set<number>();
  for (const { prefix, operatorId } of prefixes) {
    const operator = byId.get(operatorId);
    if (!operator) continue;
    byPrefix.set(prefix, operator);
    lengths.add(prefix.length);
  }
  const longestFirst = [...lengths].sort((a, b) => b - a);
  return {
    lookup(msisdn) {
      for (const length of longestFirst) {
        const operator = byPrefix.get(msisdn.slice(0, length));
        if (operator) return operator;
      }
      return null;
    },
    byId: (operatorId) => byId.get(operatorId) ?? null,
    all: () => [...operators],
  };
}
