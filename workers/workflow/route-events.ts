/** Events come in: what waits for them goes on, what they cancel ends, and the functions they trigger start. */
import type { Tx } from "#db/client.ts";
import { newId } from "#server/kernel/id.ts";
import { change, type Engine } from "./engine.ts";
import type { Event, IncomingEvent } from "./event.ts";
import { at, type Condition, holds, isTrue, keyText, parseKey } from "./expression.ts";
import { eventsAccepted } from "./metrics.ts";
import { createRuns, endRun, isOver, lockRun, matchKeyOf, type NewRun, resolveWait } from "./runs.ts";
import { limits } from "./settings.ts";

/** A chain of events that the server makes itself cannot be longer than this in one transaction. */
const maxRounds = 20;

/** Takes events of the event API, each once: one with an id seen in the last 24 hours starts nothing. */
export function acceptEvents(engine: Engine, incoming: readonly IncomingEvent[]): Promise<void> {
  return change(engine, async (tx) => {
    const fresh = await claimKeys(
      engine,
      tx,
      incoming.map(({ seenKey }) => seenKey),
    );
    const events = incoming.filter(({ seenKey }) => fresh.delete(seenKey)).map(({ event }) => event);
    eventsAccepted.inc({ result: "accepted" }, events.length);
    eventsAccepted.inc({ result: "repeated" }, incoming.length - events.length);
    await routeEvents(engine, tx, events);
  });
}

/** Inside a transaction: everything that follows from these events, and from the events that follow from them. */
export async function routeEvents(engine: Engine, tx: Tx, events: readonly Event[]): Promise<void> {
  let round = [...events];
  for (let count = 0; round.length > 0; count++) {
    if (count >= maxRounds) throw new Error(`Events cause each other: ${round[0]?.name}`);
    const ids = round.map(() => newId(engine.clock.now().getTime()));
    await tx.sql`
      insert into workflow_events (id, name, payload, received_at)
      select id, name, payload::json, ${engine.clock.now()}::timestamptz
      from unnest(${ids}::uuid[], ${round.map((event) => event.name)}::text[],
        ${round.map((event) => JSON.stringify(event))}::text[]) as e (id, name, payload)`;
    const caused = await wakeWaiting(engine, tx, round);
    await startTriggered(engine, tx, round);
    round = caused;
  }
}

type Waiting = { runId: string; stepId: string; kind: string; eventName: string; conditions: Condition[] };

/** @returns the events that cancelled runs leave behind */
async function wakeWaiting(engine: Engine, tx: Tx, events: readonly Event[]): Promise<Event[]> {
  const names = [...new Set(events.map((event) => event.name))];
  const paths = await tx.sql<{ eventName: string; matchPath: string }[]>`
    select distinct event_name as "eventName", match_path as "matchPath" from workflow_waits
    where event_name = any (${names}::text[]) and match_path is not null`;
  const keys = events.flatMap((event) =>
    paths
      .filter(({ eventName }) => eventName === event.name)
      .map(({ matchPath }) => matchKeyOf(matchPath, at(event, matchPath.split(".")) ?? null)),
  );
  // In the order of runs, as everywhere: two transactions that lock several runs do not wait for each other in a ring.
  const waiting = await tx.sql<Waiting[]>`
    select run_id as "runId", step_id as "stepId", kind, event_name as "eventName", conditions from workflow_waits
    where event_name = any (${names}::text[]) and (match_key is null or match_key = any (${keys}::text[]))
    order by run_id, step_id`;
  const caused: Event[] = [];
  for (const wait of waiting) {
    const event = events.find((one) => one.name === wait.eventName && holds(wait.conditions, one));
    if (!event) continue;
    if (wait.kind === "event") await resolveWait(engine, tx, wait.runId, wait.stepId, { data: event });
    else if (wait.kind === "cancel") {
      const run = await lockRun(tx, wait.runId);
      if (!run || isOver(run)) continue;
      const error = { name: "Error", message: `Cancelled by the event ${event.name}.` };
      caused.push(...(await endRun(engine, tx, run, { status: "cancelled", error })));
    }
  }
  return caused;
}

async function startTriggered(engine: Engine, tx: Tx, events: readonly Event[]): Promise<void> {
  const wanted = events.flatMap((event) =>
    engine.catalog.triggeredBy(event.name).flatMap(({ served, condition }) => {
      if (!isTrue(condition, { event })) return [];
      const { idempotency } = served.config;
      const key = idempotency ? `run:${served.id}:${keyText(parseKey(idempotency), event).slice(0, 1000)}` : null;
      const run: NewRun = { id: newId(engine.clock.now().getTime()), served, event };
      return [{ run, key }];
    }),
  );
  const fresh = await claimKeys(
    engine,
    tx,
    wanted.flatMap(({ key }) => key ?? []),
  );
  const started = wanted.filter(({ key }) => key === null || fresh.delete(key)).map(({ run }) => run);
  await createRuns(engine, tx, started);
}

/** @returns the keys that were not seen in the last 24 hours, each of them marked as seen now */
async function claimKeys(engine: Engine, tx: Tx, keys: readonly string[]): Promise<Set<string>> {
  const sorted = [...new Set(keys)].sort();
  if (sorted.length === 0) return new Set();
  const now = engine.clock.now();
  const rows = await tx.sql<{ key: string }[]>`
    insert into workflow_seen (key, seen_at) select key, ${now} from unnest(${sorted}::text[]) as key
    on conflict (key) do update set seen_at = excluded.seen_at
    where workflow_seen.seen_at < excluded.seen_at - make_interval(hours => ${limits.seenHours}::int)
    returning key`;
  return new Set(rows.map(({ key }) => key));
}
