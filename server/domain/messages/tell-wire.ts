/** Octets for a story: what came in, what went to the carrier and back, receipts, and what clients' binds were told. */
import { carrierIdVariants } from "#server/domain/messages/carrier-id.ts";
import type { PartReceipt, TimelineEvent } from "#server/domain/messages/get.ts";
import type { Octets, ShownExchange, Step } from "#server/domain/messages/story-step.ts";
import { statusName } from "#server/domain/routing/error-codes.ts";
import { type Exchange, type ExchangeKind, mostBytes } from "#server/domain/traces/exchange.ts";
import { hexOf, readPdu } from "#server/domain/traces/read-pdu.ts";
import { searchExchanges } from "#server/domain/traces/search.ts";
import type { Context } from "#server/kernel/context.ts";

/** What is known of a message when its octets are looked for. */
export type WireQuestion = {
  id: string;
  batchId: string;
  parts: number;
  source: string;
  createdAt: Date;
  sentAt: Date | null;
  doneAt: Date | null;
  /** As its owner sees it: with the carrier's ids. */
  timeline: readonly TimelineEvent[];
  receipts: readonly PartReceipt[];
};

/** Most exchanges end close to the moment that is written down; the others of several parts seconds before it. */
const closeMs = { before: 250, after: 3_000 };
const earlierMs = 12_000;
const receiptMs = 1_500;
/** Clients that are bound are told at once. */
const tellingMs = 30_000;

type Near = { kind: ExchangeKind; keys: readonly string[]; atMs: number; count: number };

/** First close by, then, when something is missing, further back. */
async function searchNear(ctx: Context, { kind, keys, atMs, count }: Near): Promise<Exchange[]> {
  const isEnough = (all: readonly Exchange[]) => all.length >= count || all.some(({ part }) => part === 0);
  const search = { kinds: [kind], isWanted: (key: string) => keys.includes(key), isEnough };
  const close = await searchExchanges(ctx, { ...search, fromMs: atMs - closeMs.before, toMs: atMs + closeMs.after });
  if (isEnough(close)) return close;
  const earlier = await searchExchanges(ctx, { ...search, fromMs: atMs - earlierMs, toMs: atMs });
  const known = new Set(close.map(keyOf));
  return [...earlier.filter((exchange) => !known.has(keyOf(exchange))), ...close];
}

const keyOf = ({ atMs, part }: Exchange): string => `${atMs} ${part}`;

/** What the client sent, in one exchange or one for each part; for a submit to many under its batch. */
export async function arrivalsOf(ctx: Context, question: WireQuestion): Promise<Exchange[]> {
  const { id, batchId, source, parts, createdAt } = question;
  if (source !== "http" && source !== "smpp") return [];
  // The answer goes out after the commit.
  return searchNear(ctx, { kind: source, keys: [id, batchId], atMs: createdAt.getTime(), count: parts });
}

/** What the carrier was sent and answered: around each moment at which an attempt was written down. */
export async function sentStepsOf(ctx: Context, { id, parts, sentAt, timeline }: WireQuestion): Promise<Step[]> {
  const written = timeline.filter(({ kind }) => kind === "response" || kind === "retry" || kind === "unknown");
  const moments = [...written.map(({ at }) => at.getTime()), ...(sentAt ? [sentAt.getTime()] : [])];
  const found = new Map<string, Exchange>();
  for (const atMs of [...new Set(moments)].sort((a, b) => a - b).slice(0, mostAttempts)) {
    for (const exchange of await searchNear(ctx, { kind: "sent", keys: [id], atMs, count: parts })) {
      found.set(keyOf(exchange), exchange);
    }
  }
  return [...found.values()].map((exchange) => ({
    at: new Date(exchange.atMs),
    kind: "sent",
    part: exchange.part === 0 ? null : exchange.part,
    facts: { durationMs: round(exchange.durationMs) },
    exchange: shown(exchange),
  }));
}

const mostAttempts = 8;
const mostReceipts = 20;

/**
 * The deliver_sm of each receipt: by the carrier's ids of the parts, in whatever notation it wrote them, around the moments
 * at which receipts were written down. Also those that said nothing new, which left no trace but this.
 */
export async function receiptSteps(ctx: Context, { parts, doneAt, timeline, receipts }: WireQuestion): Promise<Step[]> {
  const partOf = new Map(receipts.flatMap(({ carrierId, partNumber }) => (carrierId ? [[carrierId, partNumber]] : [])));
  const known = (key: string) => carrierIdVariants(key).find((form) => partOf.has(form));
  const events = timeline.filter(({ kind }) => kind === "receipt" || kind === "resolved");
  const moments = [...events.map(({ at }) => at.getTime()), ...(doneAt ? [doneAt.getTime()] : [])];
  const found = new Map<string, Exchange>();
  for (const atMs of [...new Set(moments)].slice(0, mostReceipts)) {
    if (partOf.size === 0 || [...found.values()].some((exchange) => exchange.atMs === atMs && parts === 1)) continue;
    const exchanges = await searchExchanges(ctx, {
      kinds: ["receipt"],
      fromMs: atMs - receiptMs,
      toMs: atMs + receiptMs,
      isWanted: (key) => known(key) !== undefined,
      isEnough: (all) => all.length >= parts && all.some((one) => one.atMs >= atMs),
    });
    for (const exchange of exchanges) found.set(`${exchange.atMs} ${exchange.key}`, exchange);
  }
  return [...found.values()].map((exchange) => {
    const part = partOf.get(known(exchange.key) ?? "") ?? 0;
    const facts = { carrierId: exchange.key };
    return { at: new Date(exchange.atMs), kind: "receipt", part: part || null, facts, exchange: shown(exchange) };
  });
}

/** An event and the octets behind it are one step: the event's, which knows what it meant. */
export function joinReceipts(events: readonly Step[], receipts: readonly Step[]): Step[] {
  const left = [...receipts];
  const joined = events.map((event) => {
    if (event.kind !== "receipt" && event.kind !== "resolved") return event;
    const index = left.findIndex(
      ({ at, facts }) => at.getTime() === event.at.getTime() && facts.carrierId === event.facts.carrierId,
    );
    const exchange = index < 0 ? undefined : left.splice(index, 1)[0]?.exchange;
    return exchange ? { ...event, exchange } : event;
  });
  return [...joined, ...left];
}

/** What the client's bind was told, when it was bound at the end of the message or soon after. */
export async function toldStepsOf(ctx: Context, { id, source, doneAt }: WireQuestion): Promise<Step[]> {
  if (source !== "smpp" || !doneAt) return [];
  const exchanges = await searchExchanges(ctx, {
    kinds: ["told"],
    fromMs: doneAt.getTime() - 1_000,
    toMs: doneAt.getTime() + tellingMs,
    isWanted: (key) => key === id,
    isEnough: (all) => all.some(({ response }) => readPdu(response)?.status === 0),
  });
  return exchanges.map((exchange) => ({
    at: new Date(exchange.atMs),
    kind: "told",
    part: null,
    facts: { channel: "smpp", durationMs: round(exchange.durationMs) },
    exchange: shown(exchange),
  }));
}

export function shown({ kind, durationMs, about, request, response }: Exchange): ShownExchange {
  const peer = peerOf(about);
  // Partners are spoken with over HTTP, too.
  const octets = kind === "http" || peer.protocol === "http" ? textOf : pduOf;
  return {
    durationMs: round(durationMs),
    peer,
    request: octets(request),
    response: response.length > 0 ? octets(response) : null,
  };
}

function pduOf(bytes: Buffer): Octets {
  const pdu = readPdu(bytes);
  const isAnswer = pdu !== null && (pdu.commandId & 0x8000_0000) !== 0;
  return {
    hex: hexOf(bytes),
    text: null,
    command: pdu?.command ?? null,
    sequence: pdu?.sequence ?? null,
    status: isAnswer ? statusName(pdu.status) : null,
    fields: pdu?.fields ?? [],
    isCut: pdu !== null && pdu.length > bytes.length,
  };
}

const textOf = (bytes: Buffer): Octets => ({
  hex: null,
  text: bytes.toString("utf8"),
  command: null,
  sequence: null,
  status: null,
  fields: [],
  isCut: bytes.length >= mostBytes,
});

/** What a worker noted beside an exchange: plain values only. */
export function peerOf(about: string): ShownExchange["peer"] {
  try {
    const noted: unknown = JSON.parse(about);
    if (typeof noted !== "object" || noted === null) return {};
    return Object.fromEntries(
      Object.entries(noted).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value)),
    );
  } catch {
    return {};
  }
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
