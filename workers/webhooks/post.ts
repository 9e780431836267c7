/** One endpoint's connections: kept alive, few, dialled through the guard, each request bounded in time and in answer. */
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher, Pool } from "undici";
import type { AnswerError } from "#server/domain/webhooks/work.ts";
import { DomainError } from "#server/kernel/errors.ts";
import type { Guard } from "#server/kernel/outbound.ts";
import { outsidePool } from "#server/kernel/outbound-pool.ts";

export type Answer = {
  statusCode: number | null;
  /** Null = taken. */
  error: AnswerError | null;
  /** What the receiver asked for by Retry-After. */
  retryAfterMs: number | null;
};

export type PostLimits = {
  connections: number;
  dialTimeoutMs: number;
  answerTimeoutMs: number;
  mostAnswerBytes: number;
};

/** Standard Webhooks asks for 15 to 30 s. What an answer says beyond its status is of no interest. */
export const postLimits: PostLimits = {
  connections: 64,
  dialTimeoutMs: 10_000,
  answerTimeoutMs: 15_000,
  mostAnswerBytes: 65_536,
};

const tooLong = new Error("the answer is longer than anybody needs");
const tooLate = new Error("no answer in time");

export class Poster {
  private readonly pool: Pool;
  private readonly path: string;
  private readonly underWay = new Set<Post>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    url: string,
    guard: Guard,
    private readonly limits: PostLimits = postLimits,
  ) {
    const { pathname, search } = new URL(url);
    this.path = `${pathname}${search}`;
    this.pool = outsidePool(url, limits, guard);
  }

  /** Resolves always. Redirects are an answer that is not 2xx: they are not followed. */
  send(headers: Record<string, string>, body: string): Promise<Answer> {
    return new Promise((resolve) => {
      const post = new Post(this.limits.mostAnswerBytes, (answer) => {
        this.underWay.delete(post);
        resolve(answer);
      });
      this.underWay.add(post);
      this.watch();
      this.pool.dispatch({ path: this.path, method: "POST", headers, body }, post);
    });
  }

  /** One timer for all: an answer in time is what nearly always comes. */
  private watch(): void {
    const { answerTimeoutMs, dialTimeoutMs } = this.limits;
    const mostMs = answerTimeoutMs + dialTimeoutMs;
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        const beganBeforeMs = performance.now() - mostMs;
        for (const post of this.underWay) if (post.beganAtMs < beganBeforeMs) post.abort();
        if (this.underWay.size > 0) this.watch();
      },
      Math.min(1_000, mostMs / 10),
    ).unref();
  }

  /** Requests under way end in their own time first. */
  close(): Promise<void> {
    return this.pool.close();
  }
}

/** One request, as the pool tells of it. */
class Post implements Dispatcher.DispatchHandler {
  /** While it waits for a connection, the bounds of dialling hold. */
  beganAtMs = Number.POSITIVE_INFINITY;
  private controller: Dispatcher.DispatchController | null = null;
  private answer: Answer | null = null;
  private bytes = 0;

  constructor(
    private readonly mostBytes: number,
    private settle: ((answer: Answer) => void) | null,
  ) {}

  abort(): void {
    this.controller?.abort(tooLate);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.beganAtMs = performance.now();
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    this.answer = { statusCode, error: errorOf(statusCode), retryAfterMs: retryAfterMs(headers["retry-after"]) };
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.mostBytes) controller.abort(tooLong);
  }

  onResponseEnd(): void {
    this.end(this.answer ?? { statusCode: null, error: "cut_off", retryAfterMs: null });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.end(afterError(error, this.answer));
  }

  /** Lets go of everything: the set of requests under way leaves old tables behind, which keep what stood in them. */
  private end(answer: Answer): void {
    const { settle } = this;
    this.settle = null;
    this.controller = null;
    settle?.(answer);
  }
}

function errorOf(statusCode: number): AnswerError | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  return statusCode >= 300 && statusCode < 400 ? "redirect" : "status";
}

/** A whole answer was promised: one that ends in the middle proves nothing, but for one that we cut for its length. */
function afterError(error: Error, answer: Answer | null): Answer {
  if (error === tooLong && answer) return answer;
  return { statusCode: answer?.statusCode ?? null, error: nameOf(error, answer !== null), retryAfterMs: null };
}

function nameOf(error: Error, hasAnswered: boolean): AnswerError {
  const code = error instanceof DomainError || "code" in error ? String(error.code) : "";
  if (error === tooLate || code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return "no_answer_in_time";
  }
  if (code === "host_not_allowed" || code === "host_not_found") return code;
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) return "certificate";
  return hasAnswered || code === "ECONNRESET" || code === "UND_ERR_SOCKET" ? "cut_off" : "connection_failed";
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function retryAfterMs(value: string | string[] | undefined): number | null {
  if (typeof value !== "string") return null;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
