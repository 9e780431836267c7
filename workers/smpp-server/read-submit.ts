/** A submit_sm, data_sm or recipient of submit_multi as a message of ours: all that can be decided without a database. */
import type { SubmitItem } from "#server/domain/messages/input.ts";
import type { BindAccount } from "#server/domain/smpp-accounts/work.ts";
import { newId } from "#server/kernel/id.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import { dataCoding, decodeGsm7, decodeUcs2 } from "#workers/smpp/data-coding.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import { parseTime } from "#workers/smpp/times.ts";
import { parseUdh, udhiBit } from "#workers/smpp/udh.ts";
import { readTlvs } from "#workers/smpp-server/tlvs.ts";

/** One piece of a long message: `key` is what its pieces share. */
export type Part = { key: string; number: number; total: number; bytes: Buffer };
export type ReadSubmit = {
  ok: true;
  item: SubmitItem;
  /** Null for a message that is whole. */
  part: Part | null;
  /** The text is `decode(bytes)`: of a part, only when all bytes are together. */
  decode(bytes: Buffer): string;
};
export type Refused = { ok: false; status: number; info: string };

const refused = (status: number, info: string): Refused => ({ ok: false, status, info });

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const maxValidityMs = 7 * dayMs;
const maxAheadMs = 30 * dayMs;
/** A clock that goes after ours is no error. */
const skewMs = 60_000;
/** Our limit of ten parts is on the text, however it was cut. */
const maxTotal = 20;
/** Ten parts take at most 1,530 octets of one alphabet, 1,340 of the other; twice that is certainly too long. */
const mostOctets = 3_200;

const wishes = [false, true, "on_failure"] as const;
const classOfServiceType: Record<string, "otp" | "transactional" | "bulk"> = {
  OTP: "otp",
  TRX: "transactional",
  TXN: "transactional",
  BULK: "bulk",
  PROMO: "bulk",
};
const classOfPriority = [undefined, "bulk", "transactional", "otp"] as const;

export function readSubmit(pdu: Pdu, account: BindAccount, nowMs: number): ReadSubmit | Refused {
  const decode = decoderOf(pdu.data_coding ?? 0, account);
  if (!decode) return refused(commandStatus.invalidDataCoding, "Use data_coding 0, 1, 3 or 8.");
  const priority = pdu.priority_flag ?? 0;
  if (priority > 3) return refused(commandStatus.invalidPriority, "priority_flag is 0 to 3.");
  const receipt = wishes[(pdu.registered_delivery ?? 0) & 0x03];
  if (receipt === undefined) return refused(commandStatus.invalidRegisteredDelivery, "Receipts: 0, 1 or 2.");
  const body = readBody(pdu);
  if (!body.ok) return body;
  const wrong = body.part ? null : wrongOctets(body.bytes, decode);
  if (wrong) return wrong;
  const times = readTimes(pdu, nowMs);
  if (!times.ok) return times;
  const tlvs = readTlvs(pdu);
  const serviceType = pdu.service_type ? pdu.service_type.slice(0, 5) : undefined;
  const to = pdu.destination_addr ?? "";
  const item: SubmitItem = {
    id: newId(nowMs),
    sender: pdu.source_addr ?? "",
    // International numbers may come without the plus that our own reader asks for.
    to: pdu.dest_addr_ton === 1 && !to.startsWith("+") ? `+${to}` : to,
    text: body.part ? "" : decode(body.bytes),
    class: classOf(account, serviceType, priority),
    receipt,
    ...times.value,
    ...(tlvs || serviceType ? { wire: { ...(serviceType ? { serviceType } : {}), ...(tlvs ? { tlvs } : {}) } } : {}),
  };
  return { ok: true, item, part: body.part, decode };
}

/** Null for an alphabet that we do not carry. */
function decoderOf(coding: number, account: BindAccount): ((bytes: Buffer) => string) | null {
  if (coding === dataCoding.ucs2) return decodeUcs2;
  if (coding === dataCoding.latin1) return latin1;
  if (coding === dataCoding.ia5) return ascii;
  if (coding !== dataCoding.smscDefault) return null;
  return account.defaultAlphabet === "gsm7" ? decodeGsm7 : latin1;
}

/** What would be changed on the way: a text is delivered as it was sent, or refused. */
function wrongOctets(bytes: Buffer, decode: (bytes: Buffer) => string): Refused | null {
  if (decode === decodeUcs2 && bytes.length % 2 === 1) {
    return refused(commandStatus.invalidMessageLength, "UCS-2 has two octets a character.");
  }
  if (decode === decodeGsm7 && bytes.some((octet) => octet > 0x7f)) {
    return refused(commandStatus.invalidDataCoding, "No octet of GSM 03.38 is above 127: use data_coding 3 or 8.");
  }
  return null;
}

const latin1 = (bytes: Buffer): string => bytes.toString("latin1");

/**
 * Some libraries send GSM 03.38 as data_coding 1. Their text gives itself away by octets that no ASCII text has: the
 * escape, or one of the letters and signs below the space.
 */
const ascii = (bytes: Buffer): string => (bytes.some(isNoAscii) ? decodeGsm7(bytes) : latin1(bytes));
const isNoAscii = (octet: number): boolean => octet < 0x20 && octet !== 0x09 && octet !== 0x0a && octet !== 0x0d;

function classOf(account: BindAccount, serviceType: string | undefined, priority: number): SubmitItem["class"] {
  if (account.classFrom === "service_type" && serviceType) {
    return classOfServiceType[serviceType.toUpperCase()] ?? account.trafficClass;
  }
  if (account.classFrom === "priority_flag") return classOfPriority[priority] ?? account.trafficClass;
  return account.trafficClass;
}

type Body = { ok: true; bytes: Buffer; part: Part | null };

function readBody(pdu: Pdu): Body | Refused {
  const esmClass = pdu.esm_class ?? 0;
  // Message types (acknowledgements, receipts) are for the other direction, SMPP 3.4 section 5.2.12.
  if ((esmClass & 0x3c) !== 0) return refused(commandStatus.invalidEsmClass, "Only plain messages are taken.");
  const bytes = pdu.short_message?.length ? pdu.short_message : pdu.message_payload;
  if (!bytes?.length) return refused(commandStatus.invalidMessageLength, "The text is empty.");
  if (pdu.message_payload?.length && !bytes.equals(pdu.message_payload)) {
    return refused(commandStatus.invalidMessageLength, "Use short_message or message_payload, not both.");
  }
  if (bytes.length > mostOctets) return refused(commandStatus.invalidMessageLength, "The text is too long.");
  if ((esmClass & udhiBit) !== 0) {
    const { concatenation, body } = parseUdh(bytes);
    // A header that is not ours to carry (ports, pictures) would arrive as text.
    if (!concatenation)
      return refused(commandStatus.invalidEsmClass, "Of user data headers, only concatenation is carried.");
    return partOf(pdu, "u", { ...concatenation, bytes: body });
  }
  const { sar_msg_ref_num: reference, sar_total_segments: total, sar_segment_seqnum: number } = pdu;
  if (reference === undefined || total === undefined || number === undefined || total <= 1) {
    return { ok: true, bytes, part: null };
  }
  if (number < 1 || number > total) return refused(commandStatus.invalidOptionalValue, "sar_segment_seqnum is wrong.");
  return partOf(pdu, "s", { reference, total, number, bytes });
}

function partOf(
  pdu: Pdu,
  kind: string,
  { reference, total, number, bytes }: { reference: number; total: number; number: number; bytes: Buffer },
): Body | Refused {
  if (total === 1) return { ok: true, bytes, part: null };
  if (total > maxTotal) return refused(commandStatus.invalidMessageLength, "The message has too many parts.");
  const key = `${kind}${reference} ${total} ${pdu.data_coding ?? 0} ${pdu.destination_addr} ${pdu.source_addr}`;
  return { ok: true, bytes, part: { key, number, total, bytes } };
}

type Times = { ok: true; value: Pick<SubmitItem, "sendAt" | "validUntil"> };
const noTimes: Times = { ok: true, value: {} };

function readTimes(pdu: Pdu, nowMs: number): Times | Refused {
  if (!pdu.schedule_delivery_time && !pdu.validity_period) return noTimes;
  const now = new Date(nowMs);
  const sendAt = parseTime(pdu.schedule_delivery_time, now);
  const wrongSchedule = refused(commandStatus.invalidSchedule, "schedule_delivery_time is at most 30 days ahead.");
  if (sendAt === null) return wrongSchedule;
  if (sendAt && (sendAt.getTime() < nowMs - skewMs || sendAt.getTime() > nowMs + maxAheadMs)) return wrongSchedule;
  const until = parseTime(pdu.validity_period, now);
  const startMs = Math.max(nowMs, sendAt?.getTime() ?? 0);
  if (until === null || (until && until.getTime() <= startMs)) {
    return refused(commandStatus.invalidExpiry, "validity_period is over before the message may go.");
  }
  const validUntil = until && new Date(Math.min(until.getTime(), startMs + maxValidityMs));
  return { ok: true, value: { ...(sendAt ? { sendAt } : {}), ...(validUntil ? { validUntil } : {}) } };
}
