/** A typed client: sends one message over tRPC with an API key, and reads what became of it. */
import { randomBytes } from "node:crypto";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "#server/routers/root.ts";

/** @param address for example http://localhost:3000 */
export function banyanClient(address: string, apiKey: string) {
  const headers = { authorization: `Bearer ${apiKey}` };
  return createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${address}/api/trpc`, headers, transformer: superjson })],
  });
}

export type Wish = { sender: string; to: string; text: string };

/** Ids are chosen by the caller, so that a call that is repeated after a lost answer sends once. */
export async function sendOne(address: string, apiKey: string, wish: Wish, options: { dryRun?: boolean } = {}) {
  const client = banyanClient(address, apiKey);
  const [outcome] = await client.messages.send.mutate({
    batchId: uuid7(),
    items: [{ id: uuid7(), ...wish }],
    dryRun: options.dryRun ?? false,
  });
  if (!outcome) throw new Error("One message has one outcome.");
  if (outcome.error) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome;
}

export async function follow(address: string, apiKey: string, id: string) {
  const { status, timeline } = await banyanClient(address, apiKey).messages.get.query({ id });
  return { status, steps: timeline.map((event) => event.kind) };
}

/** UUIDv7 (RFC 9562 section 5.7): milliseconds first, so that messages are kept by day. */
function uuid7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
