/** Finds the part that a carrier's id means: by the id as written, then in the other notations that carriers use. */

import { textArray, uuidArray } from "#db/arrays.ts";
import { sameAccount } from "#server/domain/delivery/carrier-account.ts";
import { type IdNotation, idNotations, storedForm } from "#server/domain/messages/carrier-id.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import {
  kindColumns,
  kindsOf,
  type LockedMessage,
  type MessageKind,
  messageMaker,
} from "#server/domain/messages/lock-messages.ts";
import { floorId } from "#server/domain/messages/search-terms.ts";
import type { InTx } from "#server/kernel/context.ts";
import { nilId } from "#server/kernel/id.ts";
import { together } from "#server/kernel/together.ts";

export type Wanted = { carrierId: string; msisdn: string; sender: string };
export type Reference = {
  messageId: string;
  carrierId: string;
  partNumber: number;
  msisdn: string;
  /** Of the whole message. */
  parts: number;
  /** Read without a lock, it may have moved on. */
  status: MessageStatus;
};
export type Matched = {
  references: (Reference | null)[];
  /** Those whose messages are locked already. */
  locked: Map<string, LockedMessage>;
};

/** How far back the first look goes. Most receipts come within minutes. */
const recentMs = 2 * 86_400_000;
/** Ids are chosen by whoever made them: their clocks may be ahead. */
const aheadMs = 3_600_000;

/**
 * The same in a journey less for what nearly all receipts are, those of messages of one part that wait for nothing else:
 * they are locked as they are found. All others are not locked yet, since rows of the queue and of parts are locked before
 * their messages are.
 */
export async function matchAndLock(
  ctx: InTx,
  connectorId: string,
  wanted: readonly Wanted[],
  learnt: IdNotation | null,
): Promise<Matched> {
  // Without a learnt notation, an id may mean several messages: which one, all of them together tell.
  const plain = learnt ? wanted.map(({ carrierId }) => plainForm(carrierId, learnt)) : [];
  const { byId, locked } = await lockPlain(ctx, connectorId, plain);
  const references = wanted.map((receipt, index) => firstOf(receipt, byId.get(plain[index] ?? "")));
  const open: number[] = [];
  for (const [index, reference] of references.entries()) if (!reference) open.push(index);
  if (open.length === 0) return { references, locked };
  const others = await matchReferences(
    ctx,
    connectorId,
    open.flatMap((index) => wanted[index] ?? []),
    learnt,
  );
  for (const [place, index] of open.entries()) references[index] = others[place] ?? null;
  return { references, locked };
}

/** What stands between the lines of an answer is in no id of a carrier that is sensible. */
function plainForm(carrierId: string, learnt: IdNotation): string | null {
  const form = storedForm(carrierId, learnt);
  return form?.includes("\n") ? null : form;
}

/** In id order, as everybody locks messages. A row a kind of message, a line each with what tells them apart. */
async function lockPlain(ctx: InTx, connectorId: string, forms: readonly (string | null)[]) {
  const byId = new Map<string, Reference[]>();
  const locked = new Map<string, LockedMessage>();
  const all = [...new Set(forms.filter((form) => form !== null))];
  if (all.length === 0) return { byId, locked };
  const { first, end } = recentSpan(ctx);
  const groups = await ctx.tx.sql<(MessageKind & { lines: string })[]>`
    with found as materialized (
      select message_id, carrier_id, part_number from carrier_refs
      where connector_id = ${connectorId}::uuid and carrier_id = any(${textArray(all)}::text[])
        and message_id >= ${first}::uuid and message_id < ${end}::uuid
      order by message_id
    ), locked as materialized (
      select f.carrier_id, f.part_number, m.*
      from found f
      cross join lateral (
        select id, msisdn, ${kindColumns(ctx)} from messages
        where id = f.message_id and id >= ${first}::uuid and id < ${end}::uuid and status = 'sent' and parts = 1
        limit 1 for update) m
    )
    select ${kindsOf(ctx)}, string_agg(id::text || part_number::text || ' ' || msisdn || ' ' || carrier_id, E'\n') as lines
    from locked group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14`;
  for (const { lines, ...kind } of groups) {
    const make = messageMaker(kind);
    for (const line of lines.split("\n")) {
      const reference = referenceOf(line, kind);
      const { messageId, carrierId } = reference;
      locked.set(messageId, make(messageId));
      const same = byId.get(carrierId);
      if (same) same.push(reference);
      else byId.set(carrierId, [reference]);
    }
  }
  return { byId, locked };
}

const uuidLength = 36;

function referenceOf(line: string, { parts, status }: MessageKind): Reference {
  const behindPart = line.indexOf(" ", uuidLength);
  const behindNumber = line.indexOf(" ", behindPart + 1);
  return {
    messageId: line.slice(0, uuidLength),
    carrierId: line.slice(behindNumber + 1),
    partNumber: Number(line.slice(uuidLength, behindPart)),
    msisdn: line.slice(behindPart + 1, behindNumber),
    parts,
    status,
  };
}

function recentSpan(ctx: InTx): { first: string; end: string } {
  const nowMs = ctx.clock.now().getTime();
  return { first: floorId(nowMs - recentMs), end: floorId(nowMs + aheadMs) };
}

/** Message ids, and so days: partitions outside are neither planned for nor opened. */
type Span = { first: string; end: string | null };

/**
 * By position; null = no part has that id that was sent over this connector, or over another one of the same account at
 * the carrier. The number has to agree as well: carriers use ids again, and 10 in hex is 16 in decimal, both of which may
 * be ids.
 * @param learnt how this carrier writes ids: looked for first, among recent messages of this connector; what is not found is
 * looked for in every notation, over the whole account, in all days in which a receipt can still change something
 */
export async function matchReferences(
  ctx: InTx,
  connectorId: string,
  wanted: readonly Wanted[],
  learnt: IdNotation | null = null,
): Promise<(Reference | null)[]> {
  const first = await lookUp(ctx, {
    connectorIds: [connectorId],
    wanted,
    notations: learnt ? [learnt] : idNotations,
    span: recentSpan(ctx),
  });
  const open: number[] = [];
  for (const [index, reference] of first.entries()) if (!reference) open.push(index);
  if (open.length === 0) return first;
  const [others, span] = await together([sameAccount(ctx, connectorId), unsettled(ctx)]);
  const second = await lookUp(ctx, {
    connectorIds: [connectorId, ...others],
    wanted: open.flatMap((index) => wanted[index] ?? []),
    notations: learnt ? [learnt, ...idNotations.filter((notation) => notation !== learnt)] : idNotations,
    span,
  });
  const found = new Map(open.map((index, place) => [index, second[place] ?? null]));
  return first.map((reference, index) => reference ?? found.get(index) ?? null);
}

/** From the first day in which something may still change: what is settled no receipt can change. */
async function unsettled(ctx: InTx): Promise<Span> {
  const [row] = await ctx.tx.sql<{ first: string | null }[]>`
    select banyan_uuid7_floor(min(day)::timestamp at time zone 'UTC') as first from message_days where settled_at is null`;
  return { first: row?.first ?? nilId, end: null };
}

type LookUp = { connectorIds: string[]; wanted: readonly Wanted[]; notations: readonly IdNotation[]; span: Span };

async function lookUp(
  ctx: InTx,
  { connectorIds, wanted, notations, span: { first, end } }: LookUp,
): Promise<(Reference | null)[]> {
  const forms = wanted.map(({ carrierId }) => formsOf(carrierId, notations));
  const all = [...new Set(forms.flat())];
  if (all.length === 0) return wanted.map(() => null);
  const { sql } = ctx.tx;
  const rows = await sql<Reference[]>`
    select r.message_id as "messageId", r.carrier_id as "carrierId", r.part_number as "partNumber", m.msisdn,
      m.parts, m.status
    from carrier_refs r
    -- One probe of one day for each: as a plain join, planners read all messages of the days instead (40 times slower).
    -- And the other days are not even opened: the bounds are told of both.
    cross join lateral (
      select msisdn, parts, status from messages
      where id = r.message_id and id >= ${first}::uuid ${end === null ? sql`` : sql`and id < ${end}::uuid`} limit 1) m
    where ${of(ctx, connectorIds)} and r.carrier_id = any(${textArray(all)}::text[])
      and r.message_id >= ${first}::uuid ${end === null ? sql`` : sql`and r.message_id < ${end}::uuid`}`;
  const byId = new Map<string, Reference[]>();
  for (const row of rows) {
    const same = byId.get(row.carrierId);
    if (same) same.push(row);
    else byId.set(row.carrierId, [row]);
  }
  return wanted.map((receipt, index) => {
    for (const id of forms[index] ?? []) {
      const row = firstOf(receipt, byId.get(id));
      if (row) return row;
    }
    return null;
  });
}

function firstOf(receipt: Wanted, rows: readonly Reference[] = []): Reference | null {
  for (const row of rows) if (namesNumber(receipt, row.msisdn)) return row;
  return null;
}

function formsOf(carrierId: string, notations: readonly IdNotation[]): string[] {
  const [only] = notations;
  const first = only ? storedForm(carrierId, only) : null;
  const forms = first === null ? [] : [first];
  for (let place = 1; place < notations.length; place += 1) {
    const form = storedForm(carrierId, notations[place] ?? "same");
    if (form !== null) forms.push(form);
  }
  return forms;
}

/** One alone is written as one: a plan for any number of them takes three times as long. */
function of({ tx: { sql } }: InTx, [only = "", ...others]: readonly string[]) {
  if (others.length === 0) return sql`r.connector_id = ${only}::uuid`;
  return sql`r.connector_id = any(${uuidArray([only, ...others])}::uuid[])`;
}

/** Enough of a number to tell handsets apart, whatever the carrier writes before it. */
const significantDigits = 7;

/** Carriers write the number with and without its country code, some in the place of the sender, a few not at all. */
function namesNumber({ msisdn, sender }: Wanted, wanted: string): boolean {
  if (msisdn === wanted) return true;
  const addresses = [msisdn, sender].map((address) => address.replace(/\D/g, "")).filter((digits) => digits !== "");
  return addresses.length === 0 || addresses.some((digits) => agrees(digits, wanted));
}

const agrees = (a: string, b: string): boolean =>
  a.length >= significantDigits &&
  b.length >= significantDigits &&
  (a.endsWith(b.slice(-9)) || b.endsWith(a.slice(-9)));
