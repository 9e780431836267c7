/** A message on its way through submit: what is known of it so far, and why it was refused, if it was. Pure. */
import type { z } from "zod";
import type { HoldOutcome, HopPrice } from "#server/domain/ledger/hold.ts";
import type { submitItem, submitMessages } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { type Refusal, type RefusalCode, refusal } from "#server/domain/messages/refusal.ts";
import { maxParts, type Segments, segmentText } from "#server/domain/messages/segment.ts";
import { explainRefusal } from "#server/domain/pricing/explain-refusal.ts";
import { visibleHops } from "#server/domain/pricing/visible-hops.ts";
import type { OperatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { parseNumber } from "#server/domain/routing/parse-number.ts";
import type { Context } from "#server/kernel/context.ts";

export type SendingTenant = { id: string; ancestors: string[]; country: string; isSuspended: boolean };
export type Submission = {
  ctx: Context;
  input: z.output<typeof submitMessages>;
  /** Of the moderation case and the messages' batch; another than the input's when that one had its case already. */
  batchId: string;
};
type Review = { cause: string; policyTenantId: string };

export type Line = {
  submission: Submission;
  tenant: SendingTenant;
  item: z.output<typeof submitItem>;
  segments: Segments;
  msisdn: string | null;
  country: string;
  operatorId: string | null;
  senderId: string;
  senderName: string;
  review: Review | null;
  connectorId: string;
  rateId: string;
  hops: HopPrice[];
  refusal: Refusal | null;
  /** The first outcome, when the id is known already. */
  known: SubmitOutcome | null;
};

const emptySegments: Segments = { encoding: "gsm7", parts: 0, units: 0, unitsLeft: 0, perPart: [], ucs2Characters: [] };
/** The most UTF-16 units that ten parts can hold. */
const maxUnits = maxParts * 153;
const unsendable = /\0|\p{Surrogate}/u;

/** Segments the text and reads the number: all that needs no database. */
export function readLine(
  submission: Submission,
  tenant: SendingTenant,
  item: z.output<typeof submitItem>,
  operators: OperatorDirectory,
): Line {
  const segments = item.text.length > maxUnits ? emptySegments : segmentText(item.text);
  const number = parseNumber(item.to, tenant.country);
  const operator = number && operators.lookup(number.msisdn);
  const line: Line = {
    submission,
    tenant,
    item,
    segments,
    msisdn: number?.msisdn ?? null,
    country: operator?.country ?? number?.country ?? "",
    operatorId: operator?.id ?? null,
    senderId: "",
    senderName: item.sender,
    review: null,
    connectorId: "",
    rateId: "",
    hops: [],
    refusal: null,
    known: null,
  };
  if (unsendable.test(item.text) || unsendable.test(item.sender + (item.reference ?? ""))) refuse(line, "invalid_text");
  else if (item.text.length > maxUnits || segments.parts > maxParts) refuse(line, "text_too_long");
  else if (item.text.trim() === "") refuse(line, "empty_text");
  else if (!number) refuse(line, "invalid_number");
  else if (!operator) refuse(line, "unknown_operator");
  else if (tenant.isSuspended) refuse(line, "tenant_suspended");
  return line;
}

export function refuse(line: Line, code: RefusalCode): void {
  line.refusal ??= refusal(code);
}

/** Still on its way: neither refused nor known from before. */
export const isOpen = (line: Line): boolean => line.refusal === null && line.known === null;

export function takeHold(line: Line, held: HoldOutcome): void {
  if (held.ok) {
    line.rateId = held.rateId;
    line.hops = held.hops;
    return;
  }
  const { code, message } = explainRefusal(held, line.submission.ctx.tenantId, line.tenant.ancestors);
  line.refusal = { code, message };
}

export const outcomeOf = (line: Line): SubmitOutcome => outcomeWith(line, pricesOf(line));

/** By position. Lines that were paid by the same chain of orders share its prices. */
export function outcomesOf(lines: readonly Line[]): SubmitOutcome[] {
  let hops: HopPrice[] | null = null;
  let prices: HopPrice[] = [];
  return lines.map((line) => {
    if (line.hops !== hops) prices = pricesOf(line);
    hops = line.hops;
    return outcomeWith(line, prices);
  });
}

const pricesOf = ({ hops, submission, tenant }: Line): HopPrice[] =>
  visibleHops(hops, submission.ctx, tenant.ancestors);

function outcomeWith(line: Line, prices: HopPrice[]): SubmitOutcome {
  if (line.known) return line.known;
  const { item, msisdn, segments, operatorId, refusal } = line;
  const { parts, encoding } = segments;
  const to = msisdn ?? item.to;
  if (refusal) return { id: item.id, to, status: "refused", parts, encoding, operatorId, prices: [], error: refusal };
  return { id: item.id, to, status: line.review ? "review" : "queued", parts, encoding, operatorId, prices };
}
