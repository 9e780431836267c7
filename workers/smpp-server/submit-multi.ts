/** submit_multi: one text to many numbers, in one transaction; each has its own outcome, and receipts come under one id. */
import type { SubmitItem } from "#server/domain/messages/input.ts";
import { newId } from "#server/kernel/id.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Pdu, UnsuccessSme } from "#workers/smpp/pdu.ts";
import type { AccountState } from "#workers/smpp-server/account-state.ts";
import type { Client } from "#workers/smpp-server/client.ts";
import { readSubmit } from "#workers/smpp-server/read-submit.ts";
import { verdictOfError, verdictOfOutcome } from "#workers/smpp-server/statuses.ts";

/** SMPP 3.4 section 5.2.25. */
const mostNumbers = 254;

type Recipient = { dest_addr_ton?: number; dest_addr_npi?: number; destination_addr: string };

export async function submitMulti(client: Client, state: AccountState, pdu: Pdu): Promise<void> {
  const all = pdu.dest_address ?? [];
  const recipients = all.filter((one): one is Recipient => "destination_addr" in one);
  if (recipients.length < all.length) {
    client.respond(pdu, { status: commandStatus.invalidListName, info: "There are no distribution lists." });
    return;
  }
  if (recipients.length < 1 || recipients.length > mostNumbers) {
    client.respond(pdu, { status: commandStatus.invalidDestCount });
    return;
  }
  const nowMs = Date.now();
  if (!state.bucket.take(nowMs, recipients.length)) {
    client.respond(pdu, { status: commandStatus.throttled });
    return;
  }
  const items: SubmitItem[] = [];
  for (const recipient of recipients) {
    const read = readSubmit({ ...pdu, ...recipient }, state.account, nowMs);
    if (!read.ok || read.part) {
      const info = "A long text goes to many in message_payload.";
      client.respond(pdu, read.ok ? { status: commandStatus.invalidEsmClass, info } : read);
      return;
    }
    items.push({ ...read.item, wire: { ...read.item.wire, multi: true } });
  }
  if (!state.mayPass(items[0]?.class, items.length)) {
    client.respond(pdu, { status: commandStatus.throttled });
    return;
  }
  const batchId = newId();
  try {
    const outcomes = await state.send(items, batchId);
    const verdicts = outcomes.map(verdictOfOutcome);
    const refused = verdicts.flatMap(({ status }, index): UnsuccessSme[] => {
      const { dest_addr_ton = 0, dest_addr_npi = 0, destination_addr = "" } = recipients[index] ?? {};
      return status === 0 ? [] : [{ dest_addr_ton, dest_addr_npi, destination_addr, error_status_code: status }];
    });
    const [first] = verdicts;
    // Where every recipient is refused, the whole request is.
    if (refused.length === items.length && first) client.respond(pdu, first);
    else client.respond(pdu, { status: commandStatus.ok }, { message_id: batchId, unsuccess_sme: refused });
  } catch (error) {
    client.respond(pdu, verdictOfError(error));
  }
}
