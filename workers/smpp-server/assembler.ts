/**
 * Puts the parts of long messages together again: one message of ours, however many submits. A client that sends its
 * parts without waiting has them together in memory within a moment, and all are answered after the one commit. For a
 * client that waits for each answer, the parts are written down, and answered when that is durable.
 */
import type { SubmitItem } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import type { Parked, ParkParts, WaitingPart } from "#server/domain/messages/park-parts.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Part } from "#workers/smpp-server/read-submit.ts";
import { type Verdict, verdictOfError, verdictOfOutcome } from "#workers/smpp-server/statuses.ts";

/** Called once. `id` is the part's own, under which its receipt comes. */
export type AnswerPart = (verdict: Verdict, id: string) => void;
export type PartRequest = { part: Part; item: SubmitItem; decode(bytes: Buffer): string; answer: AnswerPart };

export type AssemblerPorts = {
  send(item: SubmitItem): Promise<SubmitOutcome | undefined>;
  park(input: ParkParts): Promise<Parked>;
};

type Held = WaitingPart & { answers: AnswerPart[] };
type Group = { first: PartRequest; parts: Map<number, Held>; timer: NodeJS.Timeout; heldBytes: number };

/** How long the first part waits for the others in memory: then, and for clients that made us wait once. */
const holdMs = { first: 250, afterwards: 10 };
/** Of one account; beyond it, parts are written down at once. */
const mostHeldBytes = 4 * 1_048_576;
const receiptNumber = (receipt: SubmitItem["receipt"]): number => (receipt === "on_failure" ? 2 : receipt ? 1 : 0);

export const partId = (messageId: string, number: number): string => `${messageId}.${number}`;

export class Assembler {
  private readonly groups = new Map<string, Group>();
  private heldBytes = 0;
  private waitMs = holdMs.first;

  constructor(private readonly ports: AssemblerPorts) {}

  add(request: PartRequest): void {
    const { part, item, answer } = request;
    const group = this.groupFor(request);
    const known = group.parts.get(part.number);
    if (known) known.answers.push(answer);
    else {
      const held = { number: part.number, bytes: part.bytes, receipt: receiptNumber(item.receipt), answers: [answer] };
      group.parts.set(part.number, held);
      group.heldBytes += part.bytes.length;
      this.heldBytes += part.bytes.length;
    }
    if (group.parts.size === part.total) void this.sendWhole(this.remove(part.key, group));
    else if (this.heldBytes > mostHeldBytes) this.parkOldest();
  }

  /** Writes down what is held, and answers it. */
  flush(): void {
    while (this.groups.size > 0) this.parkOldest();
  }

  private groupFor(request: PartRequest): Group {
    const { key, number, bytes } = request.part;
    const found = this.groups.get(key);
    const same = found?.parts.get(number);
    if (found && (!same || same.bytes.equals(bytes))) return found;
    // The reference was used again for another text: the queue decides what becomes of the first.
    if (found) void this.park(this.remove(key, found));
    const timer = setTimeout(() => {
      this.waitMs = holdMs.afterwards;
      const late = this.groups.get(key);
      if (late) void this.park(this.remove(key, late));
    }, this.waitMs);
    const group = { first: request, parts: new Map<number, Held>(), timer, heldBytes: 0 };
    this.groups.set(key, group);
    return group;
  }

  private parkOldest(): void {
    const [oldest] = this.groups;
    if (oldest) void this.park(this.remove(...oldest));
  }

  private remove(key: string, group: Group): Group {
    clearTimeout(group.timer);
    this.groups.delete(key);
    this.heldBytes -= group.heldBytes;
    return group;
  }

  private async sendWhole(group: Group): Promise<void> {
    const { item, decode } = group.first;
    const parts = [...group.parts.values()].sort((a, b) => a.number - b.number);
    try {
      const outcome = await this.ports.send(compose(item, decode, item.id, parts));
      answerAll(parts, verdictOfOutcome(outcome ?? {}), item.id);
    } catch (error) {
      answerAll(parts, verdictOfError(error), item.id);
    }
  }

  private async park({ first, parts: held }: Group): Promise<void> {
    const { item, part, decode } = first;
    const parts = [...held.values()];
    try {
      const { messageId, outcome } = await this.ports.park({
        groupKey: part.key,
        messageId: item.id,
        total: part.total,
        parts,
        sender: item.sender,
        msisdn: item.to.replace(/^\+/, ""),
        compose: (messageId, all) => compose(item, decode, messageId, all),
      });
      answerAll(parts, outcome ? verdictOfOutcome(outcome) : { status: commandStatus.ok }, messageId);
    } catch (error) {
      answerAll(parts, verdictOfError(error), item.id);
    }
  }
}

/** Bytes first, then text: a pair of UCS-2 units, or an escape of GSM-7, may be cut between two parts. */
function compose(
  item: SubmitItem,
  decode: (bytes: Buffer) => string,
  messageId: string,
  parts: readonly WaitingPart[],
): SubmitItem {
  const wishes = parts.map((part) => part.receipt);
  return {
    ...item,
    id: messageId,
    text: decode(Buffer.concat(parts.map((part) => part.bytes))),
    receipt: wishes.includes(1) ? true : wishes.includes(2) ? "on_failure" : false,
    wire: {
      ...item.wire,
      parts: { total: parts.length, told: parts.filter((part) => part.receipt > 0).map((part) => part.number) },
    },
  };
}

function answerAll(parts: readonly Held[], verdict: Verdict, messageId: string): void {
  for (const part of parts) for (const answer of part.answers) answer(verdict, partId(messageId, part.number));
}
