/** How long days are kept: decided by the platform alone, tried out before, and never shorter than what hangs on it. */
import { describe, expect, it } from "vitest";
import { closeDays } from "#server/domain/retention/close-days.ts";
import { getRetention } from "#server/domain/retention/get-retention.ts";
import { defaultPolicy } from "#server/domain/retention/plan.ts";
import { setRetention } from "#server/domain/retention/set-policy.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const tree = await makeTree(db);
const root = contextFor(db, tree.aggregator.id);
const dayMs = 86_400_000;

/** Long ago, empty, closed and settled, as two passes of the relay would. @returns "2026-03-01" */
async function settledDay(): Promise<string> {
  const nowMs = Date.now();
  const day = new Date(nowMs - 32 * dayMs).toISOString().slice(0, 10);
  await db.sql`select banyan_ensure_partitions(${day}::date, 1)`;
  for (const atMs of [nowMs, nowMs + 11 * 60_000]) {
    await closeDays(jobContext({ db, clock: { now: () => new Date(atMs) } }, "retention", nilId, newId()));
  }
  return day;
}

const isThere = async (day: string) =>
  (await db.sql`select to_regclass(${`messages_${day.replaceAll("-", "")}`}) is not null as there`)[0]?.there;

describe("the policy", () => {
  it("is the platform's: a tenant below may neither see nor change it, nor a role without the right", async () => {
    const below = contextFor(db, tree.company.id);
    await expect(setRetention(below, defaultPolicy)).rejects.toMatchObject({ kind: "forbidden" });
    await expect(getRetention(below)).rejects.toMatchObject({ kind: "forbidden" });
    await expect(setRetention(contextFor(db, tree.aggregator.id, "viewer"), defaultPolicy)).rejects.toMatchObject({
      kind: "forbidden",
    });
    await expect(closeDays(root)).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("is tried out without a change, and the same again leaves no second note", async () => {
    const wanted = { messages: null, history: 30, receipts: 20 };
    expect(await setRetention(root, wanted)).toEqual(wanted);
    const count = async () =>
      (await db.sql`select count(*)::int as n from audit_log where action = 'retention.set_policy'`)[0]?.n;
    const before = await count();
    await setRetention(root, wanted);
    expect(await count()).toBe(before);
    const day = await settledDay();
    const tried = await getRetention(root, { tryOut: { messages: 14, history: 14, receipts: 14 } });
    expect(tried.next.partitions).toBeGreaterThan(0);
    expect(await isThere(day)).toBe(true);
    expect((await getRetention(root)).policy).toEqual(wanted);
  });

  it("keeps nothing longer than the messages that it belongs to, and nothing too short", async () => {
    await expect(setRetention(root, { messages: 30, history: 31, receipts: 20 })).rejects.toMatchObject({
      kind: "invalid_input",
    });
    await expect(setRetention(root, { messages: 30, history: null, receipts: 20 })).rejects.toMatchObject({
      kind: "invalid_input",
    });
    await expect(setRetention(root, { messages: 13, history: 13, receipts: 13 })).rejects.toMatchObject({
      kind: "invalid_input",
    });
  });
});
