/** Clients over HTTP as they should be: what was not answered is asked again with the same Idempotency-Key. */
import { randomUUID } from "node:crypto";
import type { Book } from "#scripts/chaos/book.ts";

export type HttpPlace = { baseUrl: string; apiKey: string; sender: string };
type Request = { key: string; recipients: string[] };
type Answered = { messages: { id: string; to: string; status: string; error?: { code: string } }[] };

const lanes = 20;
const answerTimeoutMs = 15_000;
const pauseMs = { first: 100, most: 2_000 };

export class HttpClients {
  private readonly waiting: Request[] = [];
  private running = 0;
  private isStopped = false;

  constructor(
    private readonly place: HttpPlace,
    private readonly book: Book,
  ) {}

  /** One request for each of them, or lists of `batch`. */
  add(recipients: readonly string[], batch: number): void {
    for (let at = 0; at < recipients.length; at += batch) {
      this.waiting.push({ key: randomUUID(), recipients: recipients.slice(at, at + batch) });
    }
    while (this.running < Math.min(lanes, this.waiting.length)) void this.lane();
  }

  get isIdle(): boolean {
    return this.running === 0;
  }

  stop(): void {
    this.isStopped = true;
  }

  private async lane(): Promise<void> {
    this.running += 1;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) await this.send(next);
    this.running -= 1;
  }

  private async send({ key, recipients }: Request): Promise<void> {
    const { baseUrl, apiKey, sender } = this.place;
    const one = (to: string) => ({ sender, to, text: `Your parcel for ${to} is on its way.` });
    const [only = ""] = recipients;
    const body = JSON.stringify(recipients.length === 1 ? one(only) : { messages: recipients.map(one) });
    for (let waitMs = pauseMs.first; !this.isStopped; waitMs = Math.min(2 * waitMs, pauseMs.most)) {
      const answer = await fetch(`${baseUrl}/api/v1/messages`, {
        method: "POST",
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", "idempotency-key": key },
        body,
        signal: AbortSignal.timeout(answerTimeoutMs),
      })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(() => null);
      if (answer?.status === 202) return this.accept(JSON.parse(answer.text) as Answered);
      if (answer && answer.status < 500 && answer.status !== 429) {
        this.book.refused.push(`${answer.status} ${answer.text.slice(0, 200)}`);
        return;
      }
      this.book.repeated.requests += 1;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  private accept({ messages }: Answered): void {
    for (const { id, to, status, error } of messages) {
      if (status === "queued") this.book.acknowledge("http", id, to);
      else this.book.refused.push(`${status} ${error?.code}`);
    }
  }
}
