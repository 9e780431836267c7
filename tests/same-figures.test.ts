/** One list of messages, by every door of the API, by tRPC and by a campaign: the same parts, the same money at every hop. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { banyanClient } from "#docs/api/examples/client.ts";
import { expandCampaign } from "#server/domain/campaigns/expand.ts";
import { quoteCampaign } from "#server/domain/campaigns/quote.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import { newId } from "#server/kernel/id.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { jobFor, makeCampaign, makeList } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey, openEdges } from "#tests/edges.ts";
import { contextFor } from "#tests/factories.ts";
import { makeSendingTree, type SendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const { address, close } = await openEdges(db);
let tree: SendingTree;
let key = "";

beforeAll(async () => {
  tree = await makeSendingTree(db);
  key = await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]);
});
afterAll(close);

const template = "Xin chào {{name}}, mã của bạn là 1";
/** Texts of one to three parts (UCS-2 by their diacritics), one number that is none, and one of no known operator. */
const people = [
  ...Array.from({ length: 60 }, (_, i) => ({ name: "Nguyễn".repeat(1 + (i % 20)), to: `8491${2_000_000 + i}` })),
  { name: "Nobody", to: "12" },
  { name: "Abroad", to: "12025550123" },
];
const list = people.map(({ name, to }) => ({
  sender: "ACME",
  to,
  text: template.replace("{{name}}", name),
  class: "bulk" as const,
}));

type Figures = { status: string; parts: number; total: string | undefined; error: string | undefined };

async function byHttp(dryRun: boolean): Promise<Figures[]> {
  const response = await fetch(`${address}/api/v1/messages${dryRun ? "?dry_run=true" : ""}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ messages: list }),
  });
  type Answer = { status: string; parts?: number; error?: { code: string }; prices?: { total: { amount: string } }[] };
  const { messages } = (await response.json()) as { messages: Answer[] };
  return messages.map(({ status, parts, error, prices }) => ({
    status,
    parts: parts ?? 0,
    total: prices?.[0]?.total.amount,
    error: error?.code,
  }));
}

/** A request a message: this door takes one text. */
async function byForm(dryRun: boolean): Promise<Figures[]> {
  const requests = list.map(async (message) => {
    const body = new URLSearchParams({ ...message, key, dry_run: dryRun ? "1" : "0" });
    const response = await fetch(`${address}/api/send`, { method: "POST", body });
    const [status = "", , idOrCode, parts, amount] = (await response.text()).trimEnd().split(" ");
    const isRefused = status === "refused";
    expect(response.status).toBe(isRefused ? 422 : 202);
    return {
      status,
      parts: isRefused ? 0 : Number(parts),
      total: isRefused ? undefined : amount,
      error: isRefused ? idOrCode : undefined,
    };
  });
  return Promise.all(requests);
}

async function byXml(dryRun: boolean): Promise<Figures[]> {
  const messages = list.map(
    ({ sender, to, text, class: lane }) =>
      `<message><sender>${sender}</sender><to>${to}</to><text>${text}</text><class>${lane}</class></message>`,
  );
  const response = await fetch(`${address}/api/xml`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/xml" },
    body: `<send dry-run="${dryRun}">${messages.join("")}</send>`,
  });
  const attribute = (text: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(text)?.[1];
  const answers = (await response.text()).split("<message ").slice(1);
  return answers.map((answer) => ({
    status: attribute(` ${answer}`, "status") ?? "",
    parts: Number(attribute(answer, "parts") ?? 0),
    total: attribute(answer, "cost"),
    error: attribute(answer, "code"),
  }));
}

async function byTrpc(dryRun: boolean): Promise<Figures[]> {
  const items = list.map((message) => ({ ...message, id: newId() }));
  const outcomes = await banyanClient(address, key).messages.send.mutate({ batchId: newId(), items, dryRun });
  return outcomes.map(({ status, parts, error, prices: [price] }) => ({
    status,
    parts: error ? 0 : parts,
    total: price && formatMicros(price.totalMicros, price.currency),
    error: error?.code,
  }));
}

/** What is held of each hop's order, in micro-units and in parts, by buyer. */
async function heldByHop(): Promise<Record<string, bigint>> {
  const rows = await db.sql<{ hop: string; held: bigint }[]>`
    select o.buyer_id || ' ' || (a.unit = 'PARTS') as hop, sum(a.balance)::int8 as held
    from ledger_accounts a join orders o on o.id = a.order_id where a.kind = 'held' group by 1`;
  return Object.fromEntries(rows.map((row) => [row.hop, row.held]));
}

async function chargeOf<T>(act: () => Promise<T>): Promise<{ result: T; charge: Record<string, bigint> }> {
  const before = await heldByHop();
  const result = await act();
  const after = await heldByHop();
  const charge = Object.fromEntries(Object.entries(after).map(([hop, held]) => [hop, held - (before[hop] ?? 0n)]));
  return { result, charge };
}

const without = (figures: Figures[]) => figures.map(({ total: _, ...rest }) => rest);
const micros = (figures: Figures[]) =>
  figures.reduce((sum, { total }) => sum + (total ? BigInt(Math.round(Number(total) * 1_000_000)) : 0n), 0n);

describe("one list by every way", () => {
  it("costs the same at every hop, and what the dry run said", async () => {
    const { result: quotedHttp, charge: nothing } = await chargeOf(() => byHttp(true));
    expect(Object.values(nothing).every((held) => held === 0n)).toBe(true);
    const quotedTrpc = await byTrpc(true);
    expect(quotedTrpc).toEqual(quotedHttp);
    expect(await byForm(true)).toEqual(quotedHttp);
    expect(await byXml(true)).toEqual(quotedHttp);

    const http = await chargeOf(() => byHttp(false));
    const trpc = await chargeOf(() => byTrpc(false));
    for (const door of [byForm, byXml]) {
      const { result, charge } = await chargeOf(() => door(false));
      expect(without(result)).toEqual(without(quotedHttp));
      expect(charge).toEqual(http.charge);
    }
    expect(without(http.result)).toEqual(without(quotedHttp));
    expect(trpc.result).toEqual(quotedTrpc);
    expect(http.result.filter((figure) => figure.status === "queued")).toHaveLength(60);
    expect(http.result.slice(60).map((figure) => figure.error)).toEqual(["invalid_number", "unknown_operator"]);
    expect(trpc.charge).toEqual(http.charge);
    const paying = Object.entries(http.charge).filter(([, held]) => held > 0n);
    const hops = [tree.company, tree.partner, tree.subaccount].flatMap(({ id }) => [`${id} false`, `${id} true`]);
    expect(paying.map(([hop]) => hop).sort()).toEqual(hops.sort());
    expect(http.charge[`${tree.subaccount.id} false`]).toBe(micros(quotedHttp));
    const parts = http.result.reduce((sum, figure) => sum + BigInt(figure.parts), 0n);
    expect(http.charge[`${tree.subaccount.id} true`]).toBe(parts);

    const { campaignCharge, quote } = await byCampaign();
    expect(campaignCharge).toEqual(http.charge);
    expect(quote.parts).toBe(Number(parts));
    expect(quote.money?.cost).toMatchObject([{ micros: http.charge[`${tree.subaccount.id} false`] }]);
  });

  it("is counted the same by source, and the ledger proof is clean", async () => {
    // Three doors are one source.
    const rows = await db.sql<{ source: string; messages: number; parts: number }[]>`
      select source, count(*)::int / doors as messages, sum(parts)::int / doors as parts
      from messages cross join lateral (select case source when 'http' then 3 else 1 end as doors) as d
      group by source, doors order by 1`;
    expect(rows.map((row) => row.source)).toEqual(["campaign", "http", "trpc"]);
    expect(new Set(rows.map((row) => `${row.messages} ${row.parts}`)).size).toBe(1);
    for (const tenant of [tree.aggregator, tree.company, tree.partner, tree.subaccount]) {
      const proof = await prove(contextFor(db, tenant.id));
      expect(proof.differences).toEqual([]);
    }
  });
});

async function byCampaign() {
  const ctx = contextFor(db, tree.subaccount.id);
  const csv = ["name,phone", ...people.map(({ name, to }) => `${name},+${to}`)].join("\n");
  const { id } = await makeCampaign(ctx, tree, { listId: (await makeList(ctx, csv)).id, template });
  const quote = await quoteCampaign(ctx, { id });
  await submitCampaign(ctx, { id });
  const { charge: campaignCharge } = await chargeOf(() =>
    expandCampaign(jobFor(db, tree.subaccount.id), { campaignId: id, fromOrdinal: 1, limit: 1_000 }),
  );
  return { campaignCharge, quote };
}
