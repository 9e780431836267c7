/** A campaign as its people run it: file uploaded, priced and launched over the web, then sent to its last receipt. */
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { request } from "undici";
import { openSession } from "#e2e/session.ts";
import { platform } from "#scripts/demo/actors.ts";
import { tenths } from "#scripts/load/figures.ts";
import type { Bench, Measured } from "#scripts/load/measured.ts";
import { createOwner } from "#server/domain/identity/create-owner.ts";
import { newId } from "#server/kernel/id.ts";

const endTimeoutMs = 1_800_000;
const uploadTimeoutMs = 600_000;
/** Rates are told for every so many. */
const stretch = 100_000;
const template = "Hello {{name|friend}}, thank you for your order.";

/** @param onLaunch called when the campaign has been launched, before its first message */
export async function asCampaign(bench: Bench, messages: number, onLaunch = () => {}): Promise<Measured> {
  const { db, tools, chain } = bench;
  // Turned off: a paused one would have all of this to tell in the next scenario that it is active in.
  await db.sql`update webhook_endpoints set status = 'disabled' where id = ${chain.endpointId}`;
  const { id, launch, seconds: preparing } = await prepare(bench, messages);
  const startedMs = Date.now();
  onLaunch();
  const launchSeconds = await timed(launch);
  const marks = await watch(bench, id, messages, startedMs);
  const seconds = marks.at(-1)?.seconds ?? Number.NaN;
  const rates = marks.map((mark, n) => {
    const before = marks[n - 1] ?? { delivered: 0, seconds: 0 };
    return Math.round((mark.delivered - before.delivered) / (mark.seconds - before.seconds));
  });
  const { duplicates } = await tools.smsc();
  const expanded = await expandedSeconds(bench, id, startedMs);
  return {
    messages,
    seconds,
    acceptedPerSecond: messages / expanded,
    notes: {
      ...preparing,
      "launch s": launchSeconds,
      [`receipts/s for each ${Math.min(stretch, messages)}`]: rates.join(" "),
      "twice at SMSC": duplicates,
    },
  };
}

async function prepare(bench: Bench, messages: number) {
  const { db, product, chain } = bench;
  const person = { email: `load-${newId()}@example.com`, password: randomBytes(12).toString("base64url") };
  const own = { id: newId(), tenantId: chain.tenantId, name: "Load", role: "owner" as const };
  await createOwner(platform(db, chain.tenantId), { ...own, ...person });
  const { api, cookie } = await openSession(product.baseUrl, person);
  const [sender] = await db.sql<{ id: string }[]>`
    select id from senders where tenant_id = ${chain.tenantId} and name = ${chain.sender}`;
  const [listId, id] = [newId(), newId()];
  const upload = new URL("/api/uploads/recipients", product.baseUrl);
  const meaning = { id: listId, name: "Load", fileName: "load.csv", phone: "phone", field: "name", country: "VN" };
  for (const [name, value] of Object.entries(meaning)) upload.searchParams.set(name, value);
  const uploading = await timed(async () => {
    const { body } = await request(upload, {
      method: "POST",
      headers: { cookie: `${cookie.name}=${cookie.value}`, "content-type": "text/csv" },
      body: Readable.from(fileOf(messages)),
      headersTimeout: uploadTimeoutMs,
    });
    const list = (await body.json()) as { acceptedCount?: number };
    if (list.acceptedCount !== messages) throw new Error(`The upload was not taken whole: ${JSON.stringify(list)}`);
  });
  await api.campaigns.create.mutate({ id, name: `Load ${messages}`, senderId: sender?.id ?? "", template });
  await api.campaigns.setAudience.mutate({ id, listId });
  const quoting = await timed(() => api.campaigns.quote.query({ id }));
  const launch = () => api.campaigns.submit.mutate({ id });
  return { id, launch, seconds: { "upload s": uploading, "quote s": quoting } };
}

async function* fileOf(rows: number): AsyncGenerator<Uint8Array> {
  const rowsOfPiece = 10_000;
  yield Buffer.from("phone,name\n");
  for (let at = 0; at < rows; at += rowsOfPiece) {
    const piece = Array.from({ length: Math.min(rowsOfPiece, rows - at) }, (_, n) => rowOf(at + n));
    yield Buffer.from(piece.join(""));
  }
}

/** Vietnamese numbers, all different. */
const rowOf = (n: number): string => `8486${200 + Math.floor(n / 9_000)}${1_000 + (n % 9_000)},Khach ${n}\n`;

type Mark = { delivered: number; seconds: number };

/** When each hundred thousand receipts were in, and the last: from the rollups, which are folded every second. */
async function watch({ db }: Bench, campaignId: string, messages: number, startedMs: number): Promise<Mark[]> {
  const marks: Mark[] = [];
  while (Date.now() - startedMs < endTimeoutMs) {
    const [row] = await db.sql<{ delivered: number; failed: number }[]>`
      select coalesce(sum(delivered_count), 0)::int as delivered, coalesce(sum(failed_count), 0)::int as failed
      from report_rollups where campaign_id = ${campaignId}`;
    const { delivered = 0, failed = 0 } = row ?? {};
    if (failed > 0) throw new Error(`${failed} messages of the campaign failed.`);
    const isNext = delivered >= (marks.length + 1) * stretch || delivered === messages;
    if (isNext) marks.push({ delivered, seconds: (Date.now() - startedMs) / 1_000 });
    if (delivered === messages) return marks;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`The campaign did not end within ${endTimeoutMs / 1_000} s.`);
}

/** From the launch until the last recipient had become a message. */
async function expandedSeconds({ db }: Bench, campaignId: string, startedMs: number): Promise<number> {
  const [row] = await db.sql<{ at: Date | null }[]>`
    select max(created_at) as at from messages where campaign_id = ${campaignId}`;
  return ((row?.at?.getTime() ?? Number.NaN) - startedMs) / 1_000;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return tenths((performance.now() - startedMs) / 1_000);
}
