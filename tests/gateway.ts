/** Gives suites a gateway on a real socket, with no web process behind it, and calls of its JSON API. */
import { connect, type Database } from "#db/client.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { nextNumber } from "#tests/sending.ts";
import { buildGateway, type GatewayOptions } from "#workers/gateway/server.ts";

export type OpenGateway = { port: number; address: string; close(): Promise<void> };

/** @param db null: one that nobody can reach */
export async function openGateway(
  db: Database | null,
  options: Omit<GatewayOptions, "base" | "web"> = {},
): Promise<OpenGateway> {
  const away = db ? null : connect({ url: "postgres://x:y@127.0.0.1:9/none", poolSize: 1, name: "away" });
  const base = { db: (db ?? away) as Database, clock: systemClock };
  const gateway = buildGateway({ base, web: { host: "127.0.0.1", port: 9 }, ...options });
  const port = await gateway.listen(0, "127.0.0.1");
  const close = async () => {
    await gateway.close();
    await away?.close();
  };
  return { port, address: `http://127.0.0.1:${port}`, close };
}

export type Sent = {
  id: string;
  to: string;
  status: string;
  parts?: number;
  error?: { code: string };
  prices?: unknown[];
};
export type Reply = {
  status: number;
  headers: Headers;
  body: Record<string, never> & { messages: Sent[]; code: string };
};
type Options = { body?: unknown; key?: string; headers?: object };
export type Call = (method: string, path: string, options?: Options) => Promise<Reply>;

/** @param ownKey of every call that brings none */
export const caller =
  (address: string, ownKey: string): Call =>
  async (method, path, { body, key = ownKey, headers } = {}) => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as never };
  };

/** As a client writes it. */
export const message = (over: object = {}) => ({
  sender: "ACME",
  to: `+${nextNumber()}`,
  text: "Xin chào",
  ...over,
});
