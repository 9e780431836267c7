/** Days of messages: made ahead, closed when all in them has ended, dropped by policy; and the ledger proves all along. */
import postgres from "postgres";
import { afterAll, describe, expect, it } from "vitest";
import { connectOwner, listPartitions, type Owner } from "#db/partitions.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import { getMessage } from "#server/domain/messages/get.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { closeDays } from "#server/domain/retention/close-days.ts";
import { dropDays } from "#server/domain/retention/drop-days.ts";
import { getRetention } from "#server/domain/retention/get-retention.ts";
import { setRetention } from "#server/domain/retention/set-policy.ts";
import { asSystem, type Context, jobContext } from "#server/kernel/context.ts";
import { derivedId, newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();
const tree = await makeSendingTree(db);
const root = contextFor(db, tree.aggregator.id);
const dayMs = 86_400_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const at = (ms: number): Context => jobContext({ db, clock: { now: () => new Date(ms) } }, "retention", nilId, newId());
const isoOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const nameOf = (ms: number) => `messages_${isoOf(ms).replaceAll("-", "")}`;
const startOfDay = (ms: number) => Math.floor(ms / dayMs) * dayMs;

const owners: Owner[] = [];
async function owner(): Promise<Owner> {
  const made = await connectOwner(db.url);
  if (!made) throw new Error("somebody else drops days");
  owners.push(made);
  return made;
}
const release = async () => {
  for (const one of owners.splice(0)) await one.close();
};
afterAll(release);

/** A day of its own for each test, long ago; its partitions are made as the relay makes them. */
let nextDay = startOfDay(Date.now()) - 30 * dayMs;
async function freshDay(): Promise<number> {
  nextDay -= 2 * dayMs;
  await db.sql`select banyan_ensure_partitions(${isoOf(nextDay)}::date, 1)`;
  return nextDay;
}

/** Accepted today, by orders of today, under ids of that day; then dated back. */
async function sendOn(dayStart: number, count = 1): Promise<string[]> {
  const atMs = dayStart + 12 * hourMs;
  const items = Array.from({ length: count }, (_, n) => itemOf({ id: derivedId(atMs + n, newId(), 1) }));
  const outcomes = await send(contextFor(db, tree.subaccount.id), items);
  expect(outcomes.map((o) => o.status)).toEqual(items.map(() => "queued"));
  const ids = items.map((item) => item.id);
  await db.sql`
    update messages set created_at = ${new Date(atMs)}, valid_until = ${new Date(atMs + dayMs)}
    where id = any(${ids}::uuid[])`;
  return ids;
}

async function become(ids: string[], ...statuses: ("sent" | "delivered")[]) {
  for (const status of statuses) {
    await asSystem(at(Date.now()), (ctx) =>
      applyTransitions(
        ctx,
        ids.map((messageId) => ({ messageId, status })),
      ),
    );
  }
  await db.sql`delete from send_queue where message_id = any(${ids}::uuid[])`;
}

/** Closes at once and settles ten minutes later, as two passes of the relay would. */
async function closeAll(nowMs: number) {
  const first = await closeDays(at(nowMs));
  return [...first, ...(await closeDays(at(nowMs + 11 * minuteMs)))];
}
const lookAt = async (dayStart: number, nowMs = Date.now()) =>
  (await closeAll(nowMs)).findLast((day) => day.day === isoOf(dayStart));
const has = async (ms: number) => (await db.sql`select to_regclass(${nameOf(ms)}) is not null as there`)[0]?.there;
const isProved = async () => (await prove(root)).differences;

describe("days ahead", () => {
  it("are made aside and attached, so that nobody waits behind a reader", async () => {
    const reader = postgres(db.url, { max: 1 });
    const holds = await reader.reserve();
    await holds`begin`;
    await holds`select count(*) from messages`;
    const day = startOfDay(Date.now()) + 40 * dayMs;
    await Promise.all([1, 2].map(() => db.sql`select banyan_ensure_partitions(${isoOf(day)}::date, 3)`));
    expect(await has(day + 2 * dayMs)).toBe(true);
    await holds`commit`;
    holds.release();
    await reader.end();
  });

  it("have what the first ones have: keys, indexes, the fill factor, a history that only grows", async () => {
    const day = await freshDay();
    const [first] =
      await db.sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'messages'::regclass order by 1 limit 1`;
    const indexes = (name: string) =>
      db.sql`select replace(regexp_replace(indexdef, 'INDEX \\S+ ', ''), tablename, '') as def from pg_indexes where tablename = ${name} order by 1`;
    expect(await indexes(nameOf(day))).toEqual(await indexes(first?.name));
    const [options] = await db.sql`select reloptions from pg_class where relname = ${nameOf(day)}`;
    expect(options?.reloptions).toContain("fillfactor=45");
    const [id = ""] = await sendOn(day);
    await become([id], "sent", "delivered");
    await expect(
      db.sql`insert into message_events (message_id, tenant_id, at, kind, detail) values (${id}, ${tree.subaccount.id}, now(), 'final', '{}')`,
    ).resolves.toBeDefined();
    await expect(db.sql`delete from message_events where message_id = ${id}`).rejects.toMatchObject({ code: "42501" });
  });
});

describe("closing", () => {
  it("settles a day in which all has ended, and writes its sums", async () => {
    const day = await freshDay();
    await become(await sendOn(day, 3), "sent", "delivered");
    expect(await lookAt(day)).toMatchObject({ isSettled: true, openMessages: 0 });
    const [sum] = await db.sql`select sum(messages)::int as n from message_day_totals where day = ${isoOf(day)}`;
    expect(sum?.n).toBe(3);
    expect(await isProved()).toEqual([]);
  });

  it("takes nothing new into a closed day, and only that message is refused", async () => {
    const day = await freshDay();
    await closeDays(at(Date.now()));
    const [late, fresh] = await send(contextFor(db, tree.subaccount.id), [
      itemOf({ id: derivedId(day + 5, newId(), 1) }),
      itemOf({ id: newId() }),
    ]);
    expect(late).toMatchObject({ status: "refused", error: { code: "invalid_id" } });
    expect(fresh).toMatchObject({ status: "queued" });
  });

  it("gives back the money of messages that no receipt came for, and of those that the queue has lost", async () => {
    const day = await freshDay();
    const silent = await sendOn(day, 2);
    await become(silent, "sent");
    await db.sql`update messages set sent_at = created_at where id = any(${silent}::uuid[])`;
    const lost = await sendOn(day, 1);
    await db.sql`delete from send_queue where message_id = any(${lost}::uuid[])`;
    expect(await lookAt(day)).toMatchObject({ isSettled: true });
    const rows =
      await db.sql`select status, charge_stage as stage, error_code as code from messages where id = any(${[...silent, ...lost]}::uuid[]) order by charge_stage desc`;
    expect(rows.map((row) => [row.status, row.stage, row.code])).toEqual([
      ["expired", 5, "no_receipt"],
      ["expired", 5, "no_receipt"],
      ["expired", 4, "validity_over"],
    ]);
    expect(await isProved()).toEqual([]);
  });

  it("waits for what is still in the queue, and for a campaign that may go on", async () => {
    const day = await freshDay();
    const ids = await sendOn(day, 2);
    expect(await lookAt(day)).toMatchObject({ isSettled: false, openMessages: 2 });
    const campaignDay = await freshDay();
    const id = newId();
    await db.sql`insert into campaigns (id, tenant_id, name, status, launched_at) values (${id}, ${tree.subaccount.id}, 'Long', 'paused', ${new Date(campaignDay + 1)})`;
    expect(await lookAt(campaignDay)).toMatchObject({ isSettled: false, openCampaigns: 1 });
    expect(
      (await send(contextFor(db, tree.subaccount.id), [itemOf({ id: derivedId(campaignDay + 7, newId(), 1) })]))[0],
    ).toMatchObject({ status: "queued" });
    await db.sql`update campaigns set status = 'stopped' where id = ${id}`;
    await become(ids, "sent", "delivered");
    expect(await lookAt(day)).toBeUndefined();
    expect(await lookAt(day, Date.now() + 7 * hourMs)).toMatchObject({ isSettled: true });
  });

  it("leaves the last days alone, to the millisecond, whatever the zone of the process", async () => {
    const day = await freshDay();
    const untouched = day + 9 * dayMs - 1;
    expect((await closeDays(at(untouched))).map((one) => one.day)).not.toContain(isoOf(day));
    expect((await closeDays(at(untouched + 1))).map((one) => one.day)).toContain(isoOf(day));
  });
});

describe("dropping", () => {
  const policy = { messages: 20, history: 15, receipts: 14 };
  const settledDay = async () => {
    const day = await freshDay();
    const ids = await sendOn(day, 4);
    await become(ids, "sent", "delivered");
    await lookAt(day);
    return { day, ids };
  };
  const droppedAt = async (ms: number) => {
    const gone = await dropDays(at(ms), await owner());
    await release();
    return gone.map(({ kind, day }) => `${kind} ${day}`);
  };

  it("keeps a day for as many whole days as the policy says, and not an hour less", async () => {
    const { day } = await settledDay();
    await setRetention(root, policy);
    const iso = isoOf(day);
    const dropAt = async (ms: number) => (await droppedAt(ms)).filter((one) => one.endsWith(iso));
    expect(await dropAt(day + 15 * dayMs - 1)).toEqual([]);
    expect(await dropAt(day + 15 * dayMs)).toEqual([`receipts ${iso}`]);
    expect(await dropAt(day + 16 * dayMs)).toEqual([`history ${iso}`]);
    expect(await dropAt(day + 21 * dayMs - 1)).toEqual([]);
    expect(await has(day)).toBe(true);
    expect(await dropAt(day + 21 * dayMs)).toEqual([`messages ${iso}`]);
    expect(await has(day)).toBe(false);
  });

  it("leaves books that agree, and a word of what is gone", async () => {
    const { day, ids } = await settledDay();
    const before = await prove(root);
    await droppedAt(Date.now());
    const after = await prove(root);
    expect(after).toMatchObject({ isClean: true, messages: before.messages });
    await expect(getMessage(contextFor(db, tree.subaccount.id), { id: ids[0] ?? "" })).rejects.toMatchObject({
      kind: "not_found",
      code: "message_gone",
    });
    const notes =
      await db.sql`select subject_id as day from audit_log where action = 'retention.drop_day' and tenant_id = ${tree.aggregator.id}`;
    expect(notes.map((note) => note.day)).toContain(isoOf(day));
    await db.sql`select banyan_ensure_partitions(${isoOf(day)}::date, 1)`;
    expect(await has(day)).toBe(false);
  });

  it("never drops a day that has something open, or no longer agrees with its sums", async () => {
    const open = await freshDay();
    const ids = await sendOn(open, 1);
    await lookAt(open);
    const { day: changed, ids: others } = await settledDay();
    await db.sql`update messages set parts = 2 where id = ${others[0] ?? ""}`;
    const gone = await droppedAt(Date.now());
    expect(gone).not.toContain(`messages ${isoOf(open)}`);
    expect(gone).not.toContain(`messages ${isoOf(changed)}`);
    const view = await getRetention(root);
    expect(view.waiting.days).toContain(isoOf(open));
    await db.sql`update messages set parts = 1 where id = ${others[0] ?? ""}`;
    await become(ids, "sent", "delivered");
    await lookAt(open, Date.now() + 7 * hourMs);
    expect(await droppedAt(Date.now())).toEqual(
      expect.arrayContaining([`messages ${isoOf(open)}`, `messages ${isoOf(changed)}`]),
    );
    expect(await isProved()).toEqual([]);
  });

  it("is done by one of two processes, and goes on where a killed one stopped", async () => {
    const { day } = await settledDay();
    const first = await owner();
    expect(await connectOwner(db.url)).toBeNull();
    const [partition] = (await listPartitions(db.sql)).filter((one) => one.name === nameOf(day));
    if (!partition) throw new Error("no partition");
    // Somebody reads the table: the partition is marked and stays so.
    const reader = postgres(db.url, { max: 1 });
    const holds = await reader.reserve();
    await holds`begin`;
    await holds`select count(*) from messages`;
    expect(await first.drop(partition)).toBe(false);
    await release();
    expect((await listPartitions(db.sql)).find((one) => one.name === partition.name)?.state).toBe("detaching");
    expect(await isProved()).toEqual([]);
    // Meanwhile messages are accepted as ever.
    expect((await send(contextFor(db, tree.subaccount.id), [itemOf()]))[0]).toMatchObject({ status: "queued" });
    await holds`commit`;
    holds.release();
    await reader.end();
    expect(await droppedAt(Date.now())).toContain(`messages ${isoOf(day)}`);
    expect(await isProved()).toEqual([]);
  });

  it("does not touch what somebody detached by hand", async () => {
    const { day } = await settledDay();
    const admin = postgres(db.url, { max: 1 });
    await admin.unsafe(`alter table messages detach partition ${nameOf(day)}`);
    await droppedAt(Date.now());
    expect(await has(day)).toBe(true);
    await admin.unsafe(`drop table ${nameOf(day)}`);
    await admin.end();
  });
});
