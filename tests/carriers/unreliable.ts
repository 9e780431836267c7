/** A carrier that does everything badly at once: throttles, answers late, cuts the line, confuses its ids and receipts. */
import { receiptFor, ScriptedCarrier, type Wire, wellMannered } from "#tests/carriers/scripted.ts";
import type { Pdu, PduFields } from "#workers/smpp/pdu.ts";

/** Of the id in the answer; the receipt has another one. */
type Notation = "hex" | "decimal" | "padded" | "capitals";

/** Shared by all carriers of a test, so that it can count over them. */
export type Tally = {
  submits: number;
  throttled: number;
  /** Accepted submits by handset. */
  accepted: Map<string, number>;
  cuts: number;
  receipts: number;
  /** Before the answer, a second time, and for nobody's id. */
  early: number;
  twice: number;
  strangers: number;
  /** Answers by how late they were, and by how the id was written. */
  answers: Record<"at once" | "50 ms" | "500 ms" | Notation, number>;
};
export const newTally = (): Tally => ({
  submits: 0,
  throttled: 0,
  accepted: new Map(),
  cuts: 0,
  receipts: 0,
  early: 0,
  twice: 0,
  strangers: 0,
  answers: { "at once": 0, "50 ms": 0, "500 ms": 0, hex: 0, decimal: 0, padded: 0, capitals: 0 },
});

/** Cuts of each carrier. */
export type Unreliable = { cuts: number; cutsOfAll: number; throttlePercent: number };

const answerDelaysMs = [0, 0, 50, 0, 50, 500] as const;
const delayNames = { 0: "at once", 50: "50 ms", 500: "500 ms" } as const;
type Writing = readonly [Notation, (id: number) => readonly [string, string]];
/** The id in the answer, and in the receipt. */
const notations: readonly [Writing, ...Writing[]] = [
  ["hex", (id) => [id.toString(16).toUpperCase(), String(id)]],
  ["decimal", (id) => [String(id), id.toString(16).padStart(16, "0")]],
  ["padded", (id) => [`00000${id}`, String(id)]],
  ["capitals", (id) => [`ab-${id}-cd`, `AB-${id}-CD`]],
];
const throttled = 0x58;
/** Of the submits that it takes, until it has cut as often as was wanted. */
const cutShare = 0.7;

/** @returns its port */
export async function startUnreliable(tally: Tally, { cuts, cutsOfAll, throttlePercent }: Unreliable): Promise<number> {
  /** Those that are bound. */
  const lines = new Set<Wire>();
  let nextId = 171_000_000 + Math.floor(Math.random() * 1_000_000);
  let cutsLeft = cuts;
  /** Receipts that were not confirmed yet, by sequence number: whatever it does, a carrier keeps those. */
  const owed = new Map<number, PduFields>();
  let sequence = 1_000_000;

  function deliver(fields: PduFields): void {
    sequence += 1;
    owed.set(sequence, fields);
    const [line] = lines;
    line?.send("deliver_sm", 0, sequence, fields);
    tally.receipts += 1;
  }

  function accept(pdu: Pdu, on: Wire): void {
    const to = pdu.destination_addr ?? "";
    tally.accepted.set(to, (tally.accepted.get(to) ?? 0) + 1);
    nextId += 1;
    const id = nextId;
    const [notation, write] = notations[Math.floor(id / 6) % notations.length] ?? notations[0];
    const [answered, receipted] = write(id);
    const delayMs = answerDelaysMs[id % answerDelaysMs.length] ?? 0;
    const receipt = receiptFor(pdu, receipted, "DELIVRD", { user_message_reference: pdu.user_message_reference ?? 0 });
    if (Math.random() < cutShare && cutsLeft > 0 && tally.cuts < cutsOfAll) {
      cutsLeft -= 1;
      tally.cuts += 1;
      lines.delete(on);
      deliver(receipt);
      on.cut();
      return;
    }
    const isEarly = id % 10 < 2;
    if (isEarly) {
      tally.early += 1;
      deliver(receipt);
    }
    setTimeout(() => {
      // Of a line that is cut meanwhile the answer is lost, and the receipt comes over the next one.
      on.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: answered });
      if (lines.has(on)) {
        tally.answers[delayNames[delayMs]] += 1;
        tally.answers[notation] += 1;
      }
      if (!isEarly) deliver(receipt);
      if (id % 5 === 0) {
        tally.twice += 1;
        deliver(receipt);
      }
      if (id % 20 === 0) {
        tally.strangers += 1;
        deliver(receiptFor(pdu, `stranger-${to}-${id}`));
      }
    }, delayMs);
  }

  const script = wellMannered((pdu, on) => {
    tally.submits += 1;
    if (Math.random() * 100 < throttlePercent) {
      tally.throttled += 1;
      on.send("submit_sm_resp", throttled, pdu.sequence_number);
    } else accept(pdu, on);
  });
  const tellAgain = (on: Wire | undefined) => {
    for (const [number, fields] of owed) on?.send("deliver_sm", 0, number, fields);
  };
  const { port } = await ScriptedCarrier.start(
    (pdu, on, self) => {
      if (pdu.command === "deliver_sm_resp") owed.delete(pdu.sequence_number);
      script(pdu, on, self);
      if (!pdu.command.startsWith("bind_")) return;
      lines.add(on);
      tellAgain(on);
    },
    (gone) => {
      lines.delete(gone);
      const [other] = lines;
      tellAgain(other);
    },
  );
  return port;
}
