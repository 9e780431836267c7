/** One partner's connections: a request out, an answer back, bounded in time and size; and whether the request ever left. */
import type { Dispatcher, Pool } from "undici";
import type { HttpRequest } from "#server/domain/routing/http-request.ts";
import type { HttpAnswer } from "#server/domain/routing/http-verdict.ts";
import type { Guard } from "#server/kernel/outbound.ts";
import { outsidePool } from "#server/kernel/outbound-pool.ts";

/** unsent: no octet of it left. lost: it left, and nobody knows what became of it. */
export type Exchanged =
  | { kind: "answer"; answer: HttpAnswer }
  | { kind: "unsent"; why: string }
  | { kind: "lost"; why: string };

export type ExchangeLimits = { connections: number; answerTimeoutMs: number };

const dialTimeoutMs = 10_000;
/** Of an answer; what is longer is no answer to a message. */
const mostBytes = 65_536;
/** Behind our own clock, which is exact. */
const slackMs = 5_000;
const tooLate = new Error("timeout");
const tooLong = new Error("the answer is longer than anybody needs");

export class Exchange {
  private readonly pools = new Map<string, Pool>();

  constructor(
    private readonly limits: ExchangeLimits,
    private readonly guard: Guard,
  ) {}

  /** Resolves always. A redirect is an answer; it is not followed. */
  send({ method, url, headers, body }: HttpRequest): Promise<Exchanged> {
    const { origin, pathname, search } = new URL(url);
    const { answerTimeoutMs } = this.limits;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let hasLeft = false;
      let answer: HttpAnswer | null = null;
      let bytes = 0;
      const chunks: Buffer[] = [];
      const settle = (isWhole: boolean, error?: Error) => {
        clearTimeout(timer);
        if (answer) resolve({ kind: "answer", answer: { ...answer, bytes: Buffer.concat(chunks), isWhole } });
        else resolve({ kind: hasLeft ? "lost" : "unsent", why: reasonOf(error) });
      };
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: (controller) => {
          hasLeft = true;
          timer ??= setTimeout(() => controller.abort(tooLate), answerTimeoutMs);
        },
        onResponseStart: (_, status, given) => {
          if (status < 200) return;
          const plain = Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value ?? "")]);
          const named: Record<string, string> = Object.fromEntries(plain);
          const contentType = named["content-type"] ?? "";
          answer = { status, headers: named, contentType, bytes: Buffer.alloc(0), isWhole: false };
        },
        onResponseData: (controller, chunk) => {
          bytes += chunk.length;
          if (bytes > mostBytes) controller.abort(tooLong);
          else chunks.push(chunk);
        },
        onResponseEnd: () => settle(true),
        onResponseError: (_, error) => settle(false, error),
      };
      try {
        this.poolOf(origin).dispatch({ path: `${pathname}${search}`, method, headers, body }, handler);
      } catch (error) {
        settle(false, error instanceof Error ? error : undefined);
      }
    });
  }

  /** Requests under way end in their own time first. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
  }

  private poolOf(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known) return known;
    const { connections, answerTimeoutMs } = this.limits;
    const pool = outsidePool(
      origin,
      { connections, dialTimeoutMs, answerTimeoutMs: answerTimeoutMs + slackMs },
      this.guard,
    );
    this.pools.set(origin, pool);
    return pool;
  }
}

/** Words for the console: an address or a secret is never among them. */
function reasonOf(error: Error | undefined): string {
  if (error === tooLate) return "timeout";
  if (error === tooLong) return "the answer is too long";
  const code = error && "code" in error ? String(error.code) : "";
  if (code === "host_not_allowed") return "the address is inside a private network";
  if (code === "host_not_found") return "the host name is not known";
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) return `the certificate is not valid (${code})`;
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") return "the answer is no HTTP";
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET") return "the connection broke off";
  return code || error?.message || "no connection";
}
