/** Outbox to workflow engine: unsent events go out in batches under their own ids, and are marked when the engine has them. */
import { Counter } from "prom-client";
import type { Database, Tx } from "#db/client.ts";
import { log } from "#server/kernel/log.ts";

export type OutgoingEvent = { id: string; name: string; data: Record<string, unknown>; ts: number };
/** Resolves when the engine has taken all of them, throws when it has not. */
export type SendEvents = (events: OutgoingEvent[]) => Promise<unknown>;
type Row = { id: string; tenantId: string; name: string; data: Record<string, unknown>; createdAt: Date };

const batchSize = 200;
/** An event that the engine refuses does not hold up the others; it is tried again after this time. */
const parkedMs = 60_000;
const maxParked = 1000;
const keptDays = 3;
const pruneBatch = 5000;

const forwarded = new Counter({
  name: "relay_events_total",
  help: "Events handed to the engine",
  labelNames: ["result"],
});

export type Forwarder = {
  /** One batch. @returns true when it was full, so that more may be waiting */
  pass(): Promise<boolean>;
  /** Removes events sent three days ago and earlier; the engine remembers ids for one day. @returns true when there may be more */
  prune(): Promise<boolean>;
};

/** A crash between sending and marking sends a batch twice: the engine knows the ids and takes them once. */
export function forwarder(db: Database, send: SendEvents, now: () => Date): Forwarder {
  const parked = new Map<string, number>();
  const sendEach = async (rows: readonly Row[]): Promise<string[]> => {
    const sent: string[] = [];
    for (const row of rows) {
      try {
        await send([asEvent(row)]);
        sent.push(row.id);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        forwarded.inc({ result: "refused" });
        log.error({ err: error, eventId: row.id, name: row.name }, "the engine refuses an event");
        if (parked.size < maxParked) parked.set(row.id, now().getTime() + parkedMs);
      }
    }
    return sent;
  };
  return {
    pass: () =>
      db.asSystem(async (tx) => {
        for (const [id, untilMs] of parked) if (untilMs <= now().getTime()) parked.delete(id);
        const rows = await unsent(tx, [...parked.keys()]);
        if (rows.length === 0) return false;
        let ids = rows.map((row) => row.id);
        try {
          await send(rows.map(asEvent));
        } catch (error) {
          if (!isRefusal(error)) throw error;
          ids = await sendEach(rows);
        }
        await tx.sql`update outbox set sent_at = ${now()} where id = any (${ids}::uuid[])`;
        forwarded.inc({ result: "sent" }, ids.length);
        return rows.length === batchSize;
      }),
    prune: async () => {
      const rows = await db.sql`
        delete from outbox where id in (
          select id from outbox
          where id < banyan_uuid7_floor(${now()}::timestamptz - make_interval(days => ${keptDays}::int))
            and sent_at < ${now()}::timestamptz - make_interval(days => ${keptDays}::int)
          order by id limit ${pruneBatch}::int)
        returning 1`;
      return rows.length === pruneBatch;
    },
  };
}

/** The lock keeps a second relay from sending the same rows at the same time. */
const unsent = (tx: Tx, parked: string[]) => tx.sql<Row[]>`
  select id, tenant_id as "tenantId", name, data, created_at as "createdAt" from outbox
  where sent_at is null and not (id = any (${parked}::uuid[]))
  order by id limit ${batchSize}::int for update skip locked`;

/** Every event says whose it is, also where its own data does not. */
const asEvent = ({ id, tenantId, name, data, createdAt }: Row): OutgoingEvent => ({
  id,
  name,
  data: { tenantId, ...data },
  ts: createdAt.getTime(),
});

/** The engine looked at it and said no, as opposed to being away. A wrong key (401, 403) concerns all events alike. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && /^Inngest API Error: (400|406|413)\b/.test(error.message);
