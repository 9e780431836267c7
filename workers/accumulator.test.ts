/** Group commit: what comes while a transaction is under way shares the next one; each request has its own answer. */
import { expect, it } from "vitest";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import type { SubmitRequest, SubmitResult } from "#server/domain/messages/submit.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf } from "#tests/sending.ts";
import { type AccumulatorOptions, accumulator } from "#workers/accumulator.ts";

const db = await testDatabase(1);
const ctx = contextFor(db, nilId);
const requestOf = (count = 1): SubmitRequest => ({
  ctx,
  input: { batchId: newId(), source: "http", items: Array.from({ length: count }, () => itemOf()) },
});
const taken = (request: SubmitRequest): SubmitOutcome[] =>
  request.input.items.map(({ id, to }) => ({ id: id ?? "", to, status: "queued" }) as SubmitOutcome);

/** Each transaction stays open until the test ends it. */
function opened(options: Partial<AccumulatorOptions> = {}) {
  const groups: { requests: SubmitRequest[]; end(results?: SubmitResult[]): void }[] = [];
  const begun: (() => void)[] = [];
  const submit = (requests: SubmitRequest[]) =>
    new Promise<SubmitResult[]>((resolve) => {
      const all = () => requests.map((request) => ({ ok: true as const, outcomes: taken(request) }));
      groups.push({ requests, end: (results = all()) => resolve(results) });
      for (const next of begun.splice(0)) next();
    });
  const group = async (number: number) => {
    while (groups.length <= number) await new Promise<void>((resolve) => begun.push(resolve));
    return groups[number] ?? expect.unreachable();
  };
  return { groups, group, requests: accumulator({ submit, ...options }) };
}

it("takes all that came during one transaction into the next", async () => {
  const { groups, group, requests } = opened();
  const first = requests.add(requestOf());
  const open = await group(0);
  const others = Array.from({ length: 60 }, () => requestOf());
  const answers = others.map((request) => requests.add(request));
  expect(groups).toHaveLength(1);
  open.end();
  (await group(1)).end();
  expect(await first).toEqual(taken(open.requests[0] ?? expect.unreachable()));
  expect(await Promise.all(answers)).toEqual(others.map(taken));
  expect(groups.map((each) => each.requests.length)).toEqual([1, 60]);
});

it("fills no transaction beyond its size, and sends a larger request alone", async () => {
  const { groups, group, requests } = opened({ maxMessages: 10 });
  const all = [requests.add(requestOf(10))];
  for (const size of [4, 4, 4, 25, 1]) all.push(requests.add(requestOf(size)));
  for (let number = 0; number < 5; number += 1) (await group(number)).end();
  await Promise.all(all);
  expect(groups.map((each) => each.requests.map(({ input }) => input.items.length))).toEqual([
    [10],
    [4, 4],
    [4],
    [25],
    [1],
  ]);
});

it("tells each what it got wrong, and everybody when the transaction failed", async () => {
  const { group, requests } = opened();
  const [good, bad] = [requests.add(requestOf()), requests.add(requestOf())];
  const error = new DomainError("conflict", "idempotency_mismatch", "Another body.");
  const open = await group(0);
  open.end([
    { ok: true, outcomes: [] },
    { ok: false, error },
  ]);
  await expect(bad).rejects.toBe(error);
  expect(await good).toEqual([]);
  const failing = accumulator({ submit: () => Promise.reject(new Error("away")) });
  await expect(failing.add(requestOf())).rejects.toThrow("away");
});

it("lets no more wait than it can hold, and drains what waits", async () => {
  const { group, requests } = opened({ maxWaiting: 5 });
  const first = requests.add(requestOf());
  const open = await group(0);
  const waiting = requests.add(requestOf(5));
  await expect(requests.add(requestOf())).rejects.toMatchObject({ kind: "rate_limited", code: "busy" });
  let isDrained = false;
  const drained = requests.drain().then(() => {
    isDrained = true;
  });
  open.end();
  await first;
  const next = await group(1);
  expect(isDrained).toBe(false);
  next.end();
  await Promise.all([waiting, drained]);
});
