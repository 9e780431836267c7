/** A carrier that does everything badly at once: throttles, answers late, cuts the line, confuses its ids and receipts. */
import { receiptFor, ScriptedCarrier, type Wire, wellMannered } from "#tests/carriers/scripted.ts";
import type { Pdu, PduFields } from "#workers/smpp/codec.ts";

/** Shared by all carriers of a test, so that it can count over them. */
export type Tally = {
  submits: number;
  throttled: number;
  /** Accepted submits by handset. */
  accepted: Map<string, number>;
  cuts: number;
  receipts: number;
  strangers: number;
};
export const newTally = (): Tally => ({
  submits: 0,
  throttled: 0,
  accepted: new Map(),
  cuts: 0,
  receipts: 0,
  strangers: 0,
});

export type Unreliable = { cutsWanted: number; throttlePercent: number };

const answerDelaysMs = [0, 0, 50, 0, 50, 500];
/** The id in the answer, and in the receipt. */
const notations: ((id: number) => [string, string])[] = [
  (id) => [id.toString(16).toUpperCase(), String(id)],
  (id) => [String(id), id.toString(16).padStart(16, "0")],
  (id) => [`00000${id}`, String(id)],
  (id) => [`ab-${id}-cd`, `AB-${id}-CD`],
];
const throttled = 0x58;

/** @returns its port */
export async function startUnreliable(tally: Tally, { cutsWanted, throttlePercent }: Unreliable): Promise<number> {
  let wire: Wire | null = null;
  let answeredSinceBind = 0;
  let nextId = 171_000_000;
  /** Receipts that were not confirmed yet, by sequence number: whatever it does, a carrier keeps those. */
  const owed = new Map<number, PduFields>();
  let sequence = 1_000_000;

  function deliver(fields: PduFields): void {
    sequence += 1;
    owed.set(sequence, fields);
    wire?.send("deliver_sm", 0, sequence, fields);
    tally.receipts += 1;
  }

  function accept(pdu: Pdu, on: Wire): void {
    const to = pdu.destination_addr ?? "";
    tally.accepted.set(to, (tally.accepted.get(to) ?? 0) + 1);
    nextId += 1;
    const id = nextId;
    const [answered = "", receipted = ""] = notations[id % notations.length]?.(id) ?? [];
    const receipt = receiptFor(pdu, receipted, "DELIVRD", { user_message_reference: pdu.user_message_reference ?? 0 });
    if (answeredSinceBind > 0 && id % 2 === 0 && tally.cuts < cutsWanted) {
      tally.cuts += 1;
      wire = null;
      deliver(receipt);
      on.cut();
      return;
    }
    const isEarly = id % 10 < 2;
    if (isEarly) deliver(receipt);
    setTimeout(
      () => {
        // Of a line that is cut meanwhile the answer is lost, and the receipt comes over the next one.
        on.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: answered });
        answeredSinceBind += 1;
        if (!isEarly) deliver(receipt);
        if (id % 5 === 0) deliver(receipt);
        if (id % 20 === 0) {
          tally.strangers += 1;
          deliver(receiptFor(pdu, `stranger-${to}-${id}`));
        }
      },
      answerDelaysMs[id % answerDelaysMs.length],
    );
  }

  const script = wellMannered((pdu, on) => {
    tally.submits += 1;
    if (Math.random() * 100 < throttlePercent) {
      tally.throttled += 1;
      on.send("submit_sm_resp", throttled, pdu.sequence_number);
    } else accept(pdu, on);
  });
  const { port } = await ScriptedCarrier.start((pdu, on, self) => {
    if (pdu.command === "deliver_sm_resp") owed.delete(pdu.sequence_number);
    script(pdu, on, self);
    if (!pdu.command.startsWith("bind_")) return;
    wire = on;
    answeredSinceBind = 0;
    for (const [number, fields] of owed) on.send("deliver_sm", 0, number, fields);
  });
  return port;
}
