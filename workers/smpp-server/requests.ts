/** What bound clients ask for: messages to send, and what became of them. */
import type { SubmitItem } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { newId } from "#server/kernel/id.ts";
import type { Accumulator } from "#workers/accumulator.ts";
import type { Pdu } from "#workers/smpp/codec.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { AccountState } from "#workers/smpp-server/account-state.ts";
import type { Client } from "#workers/smpp-server/client.ts";
import { readSubmit } from "#workers/smpp-server/read-submit.ts";
import { verdictOfError, verdictOfOutcome } from "#workers/smpp-server/statuses.ts";

export class Requests {
  constructor(private readonly groups: Accumulator) {}

  handle(client: Client, pdu: Pdu): void {
    const { state } = client;
    if (!state) client.respond(pdu, { status: commandStatus.wrongBindStatus });
    else if (pdu.command === "submit_sm" || pdu.command === "data_sm") this.submit(client, state, pdu);
    else client.respond(pdu, { status: commandStatus.invalidCommandId });
  }

  /** Answered after the commit, and with success only then. */
  private submit(client: Client, state: AccountState, pdu: Pdu): void {
    const nowMs = Date.now();
    if (!state.bucket.take(nowMs)) {
      client.respond(pdu, { status: commandStatus.throttled, info: "Faster than the account may send." });
      return;
    }
    const read = readSubmit(pdu, state.account, nowMs);
    if (!read.ok) {
      client.respond(pdu, read);
      return;
    }
    this.send(state, [read.item]).then(
      ([outcome]) => client.respond(pdu, verdictOfOutcome(outcome ?? {}), { message_id: read.item.id }),
      (error) => client.respond(pdu, verdictOfError(error)),
    );
  }

  private send(state: AccountState, items: SubmitItem[]): Promise<SubmitOutcome[]> {
    return this.groups.add({ ctx: state.ctx, input: { batchId: newId(), source: "smpp", items } });
  }
}
