/** query_sm, cancel_sm and replace_sm: about the account's own messages only. */
import { cancelMessages } from "#server/domain/messages/cancel.ts";
import { type OwnMessage, ownMessages, ownWaiting } from "#server/domain/messages/own-messages.ts";
import { type ReplaceMessage, replaceMessage } from "#server/domain/messages/replace.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import { numberOfState } from "#workers/smpp/receipt.ts";
import { formatTime } from "#workers/smpp/times.ts";
import type { AccountState } from "#workers/smpp-server/account-state.ts";
import type { Client } from "#workers/smpp-server/client.ts";
import { errorNumber, stateOf } from "#workers/smpp-server/deliver.ts";
import { readSubmit } from "#workers/smpp-server/read-submit.ts";
import { verdictOfError } from "#workers/smpp-server/statuses.ts";

/** The id of a part stands for its message. */
const messageOf = (id: string | undefined): string => (id ?? "").toLowerCase().replace(/\.\d{1,2}$/, "");
const isSame = (asked: string | undefined, own: string): boolean => !asked || asked.toLowerCase() === own.toLowerCase();

const unfinished = new Set<string>(["review", "queued", "sending", "sent"]);

export async function query(client: Client, { ctx }: AccountState, pdu: Pdu): Promise<void> {
  try {
    const messages = await ownMessages(ctx, { id: messageOf(pdu.message_id) });
    // Of a submit to many, the one that is least far.
    const message = messages.find((one) => unfinished.has(one.status)) ?? messages[0];
    if (!message || !isSame(pdu.source_addr, message.sender)) {
      client.respond(pdu, { status: commandStatus.invalidMessageId });
      return;
    }
    client.respond(pdu, { status: commandStatus.ok }, { message_id: pdu.message_id ?? "", ...answerOf(message) });
  } catch (error) {
    client.respond(pdu, verdictOfError(error));
  }
}

/** error_code has one octet: 255 stands for what does not fit. */
function answerOf({ status, errorCode, doneAt }: OwnMessage) {
  const state = unfinished.has(status) ? numberOfState.ENROUTE : numberOfState[stateOf(status)];
  return {
    final_date: doneAt ? formatTime(doneAt) : "",
    message_state: state,
    error_code: Math.min(255, errorNumber(errorCode)),
  };
}

/** By id, or without one all that wait from this sender to this number (SMPP 3.4 section 4.9). */
export async function cancel(client: Client, { ctx }: AccountState, pdu: Pdu): Promise<void> {
  try {
    const ids = pdu.message_id ? await cancellable(ctx, pdu) : await waiting(ctx, pdu);
    if (!ids) {
      client.respond(pdu, { status: commandStatus.invalidMessageId });
      return;
    }
    const { cancelled } = ids.length > 0 ? await cancelMessages(ctx, { ids }) : { cancelled: 0 };
    client.respond(pdu, { status: cancelled > 0 ? commandStatus.ok : commandStatus.cancelFailed });
  } catch (error) {
    client.respond(pdu, verdictOfError(error));
  }
}

async function cancellable(ctx: AccountState["ctx"], pdu: Pdu): Promise<string[] | null> {
  const messages = await ownMessages(ctx, { id: messageOf(pdu.message_id) });
  const [first] = messages;
  return first && isSame(pdu.source_addr, first.sender) ? messages.map((message) => message.id) : null;
}

const waiting = (ctx: AccountState["ctx"], pdu: Pdu): Promise<string[]> =>
  ownWaiting(ctx, {
    sender: pdu.source_addr ?? "",
    msisdn: (pdu.destination_addr ?? "").replace(/^\+/, ""),
    ...(pdu.service_type ? { serviceType: pdu.service_type } : {}),
  });

export async function replace(client: Client, { ctx, account }: AccountState, pdu: Pdu): Promise<void> {
  // replace_sm has no data_coding: the text is in the account's alphabet.
  const read = readSubmit(pdu, account, Date.now());
  if (!read.ok) {
    client.respond(pdu, read);
    return;
  }
  const { text, sendAt, validUntil } = read.item;
  try {
    const sender = pdu.source_addr || undefined;
    const receipt = (pdu.registered_delivery ?? 0) & 0x03;
    await replaceMessage(ctx, { id: messageOf(pdu.message_id), sender, text, sendAt, validUntil, receipt });
    client.respond(pdu, { status: commandStatus.ok });
  } catch (error) {
    const isTooLate = error instanceof DomainError && error.code === "message_not_waiting";
    client.respond(
      pdu,
      isTooLate ? { status: commandStatus.replaceFailed, info: error.message } : verdictOfError(error),
    );
  }
}

/** For replace_if_present_flag. @returns the id of the message that has the text now; null when there is none to replace */
export async function replacePresent(
  { ctx }: AccountState,
  {
    serviceType,
    msisdn,
    ...input
  }: Omit<ReplaceMessage, "id"> & { sender: string; msisdn: string; serviceType: string },
): Promise<string | null> {
  const [id] = await ownWaiting(ctx, { sender: input.sender, msisdn, serviceType });
  if (!id) return null;
  try {
    await replaceMessage(ctx, { ...input, id });
    return id;
  } catch (error) {
    // It has just gone out: then this one is new.
    if (error instanceof DomainError && error.code === "message_not_waiting") return null;
    throw error;
  }
}
