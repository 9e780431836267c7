/** An event as the protocol has it, and the check of what is sent to the event API. */
import { z } from "zod";
import { newId } from "#server/kernel/id.ts";
import { limits } from "./settings.ts";

const printable = /^\P{Cc}+$/u;
const incoming = z.looseObject({
  id: z.union([z.literal(""), z.string().max(512).regex(printable)]).optional(),
  name: z.string().max(256).regex(printable),
  data: z.record(z.string(), z.unknown()).nullish(),
  ts: z.number().int().nonnegative().optional(),
});

export type Event = { id: string; name: string; data: Record<string, unknown>; ts: number; [field: string]: unknown };
/** With the key under which a repetition is recognised. */
export type IncomingEvent = { event: Event; seenKey: string };

/**
 * @param seed X-Inngest-Event-Id-Seed: a request that the SDK repeats carries the same one, so that events without
 *   an id of their own are not taken twice
 * @throws Error with a sentence for the sender
 */
export function readEvents(body: unknown, seed: string | undefined, now: Date): IncomingEvent[] {
  const list: unknown[] = Array.isArray(body) ? body : [body];
  if (list.length > limits.eventsPerRequest) {
    throw new Error(`A request carries at most ${limits.eventsPerRequest} events.`);
  }
  return list.map((raw, index) => {
    const parsed = incoming.safeParse(raw);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new Error(`Event ${index}: ${issue?.path.join(".") || "event"}: ${issue?.message ?? "invalid"}`);
    }
    if (parsed.data.name.startsWith("inngest/")) {
      throw new Error(`Event ${index}: names that begin with "inngest/" are the server's own.`);
    }
    if (JSON.stringify(raw).length > limits.eventBytes) {
      throw new Error(`Event ${index} is larger than ${limits.eventBytes} bytes.`);
    }
    const id = parsed.data.id || newId(now.getTime());
    const seenKey = parsed.data.id ? `event:${parsed.data.id}` : seed ? `seed:${seed}:${index}` : `event:${id}`;
    const event = { ...parsed.data, id, data: parsed.data.data ?? {}, ts: parsed.data.ts || now.getTime() };
    return { event, seenKey };
  });
}

/** An event of the server's own, such as inngest/function.failed. */
export function ownEvent(name: string, data: Record<string, unknown>, now: Date): Event {
  return { id: newId(now.getTime()), name, data, ts: now.getTime() };
}
