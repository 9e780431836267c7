/** What bound clients ask for: messages to send, and what became of them. */

import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import type { AccountState } from "#workers/smpp-server/account-state.ts";
import type { Client } from "#workers/smpp-server/client.ts";
import { cancel, query, replace, replacePresent } from "#workers/smpp-server/control-requests.ts";
import { type ReadSubmit, readSubmit } from "#workers/smpp-server/read-submit.ts";
import { verdictOfError, verdictOfOutcome } from "#workers/smpp-server/statuses.ts";
import { submitMulti } from "#workers/smpp-server/submit-multi.ts";

const tooFast = { status: commandStatus.throttled, info: "Faster than agreed." };

export function handleRequest(client: Client, pdu: Pdu): void {
  const { state } = client;
  if (!state) {
    client.respond(pdu, { status: commandStatus.wrongBindStatus });
    return;
  }
  switch (pdu.command) {
    case "submit_sm":
    case "data_sm":
      submit(client, state, pdu);
      return;
    case "submit_multi":
      void submitMulti(client, state, pdu);
      return;
    case "query_sm":
    case "cancel_sm":
    case "replace_sm":
      control(client, state, pdu);
      return;
    default:
      client.respond(pdu, { status: commandStatus.invalidCommandId });
  }
}

/** Each asks the database: they count against the account's rate, too. */
function control(client: Client, state: AccountState, pdu: Pdu): void {
  if (!state.bucket.take(Date.now())) client.respond(pdu, tooFast);
  else if (pdu.command === "query_sm") void query(client, state, pdu);
  else if (pdu.command === "cancel_sm") void cancel(client, state, pdu);
  else void replace(client, state, pdu);
}

/** Answered after the commit, and with success only then. */
function submit(client: Client, state: AccountState, pdu: Pdu): void {
  const nowMs = Date.now();
  if (!state.bucket.take(nowMs)) {
    client.respond(pdu, tooFast);
    return;
  }
  const read = readSubmit(pdu, state.account, nowMs);
  if (!read.ok) client.respond(pdu, read);
  else if (!state.mayPass(read.item.class)) client.respond(pdu, tooFast);
  else if (read.part) {
    const { part, item, decode } = read;
    state.assembler.add({
      part,
      item,
      decode,
      answer: (verdict, id) => client.respond(pdu, verdict, { message_id: id }),
    });
  } else if (pdu.replace_if_present_flag === 1) void replaceOrSend(client, state, pdu, read);
  else send(client, state, pdu, read);
}

function send(client: Client, state: AccountState, pdu: Pdu, { item }: ReadSubmit): void {
  state.send([item]).then(
    ([outcome]) => client.respond(pdu, verdictOfOutcome(outcome ?? {}), { message_id: item.id }),
    (error) => client.respond(pdu, verdictOfError(error)),
  );
}

/** replace_if_present_flag: the last message that waits from this sender to this number gets the text (section 5.2.18). */
async function replaceOrSend(client: Client, state: AccountState, pdu: Pdu, read: ReadSubmit): Promise<void> {
  const { sender, to, text, sendAt, validUntil } = read.item;
  try {
    const id = await replacePresent(state, {
      sender,
      msisdn: to.replace(/^\+/, ""),
      serviceType: pdu.service_type ?? "",
      text,
      sendAt,
      validUntil,
      receipt: (pdu.registered_delivery ?? 0) & 0x03,
    });
    if (id) client.respond(pdu, { status: commandStatus.ok }, { message_id: id });
    else send(client, state, pdu, read);
  } catch (error) {
    client.respond(pdu, verdictOfError(error));
  }
}
