/** Tells bodies that the schema would take as they are: most have plain fields only, and the schema takes ten times as long to say so. */
import type { z } from "zod";
import { maxItems } from "#server/domain/messages/input.ts";
import type { manyMessages, OneMessage } from "#workers/gateway/bodies.ts";

/** True only for what oneMessage (bodies.ts) accepts and leaves as it is. False says nothing: the schema decides then. */
export function isPlainMessage(body: object): body is OneMessage {
  for (const name in body) if (!isPlainField(name, body[name as keyof typeof body])) return false;
  return "sender" in body && "to" in body && "text" in body;
}

/** The same for manyMessages. */
export function isPlainList(body: object): body is z.output<typeof manyMessages> {
  for (const name in body) if (name !== "messages") return false;
  const messages: unknown = "messages" in body ? body.messages : null;
  if (!Array.isArray(messages) || messages.length < 1 || messages.length > maxItems) return false;
  return messages.every((one: unknown) => typeof one === "object" && one !== null && isPlainMessage(one));
}

function isPlainField(name: string, value: unknown): boolean {
  switch (name) {
    case "sender":
    case "to":
      return isText(value, 1, 64);
    case "text":
      return isText(value, 0, 10_000);
    case "class":
      return value === "otp" || value === "transactional" || value === "bulk";
    case "reference":
      return isText(value, 1, 128);
    case "validity":
      return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 10_080;
    case "receipt":
      return typeof value === "boolean";
    default:
      return false;
  }
}

const isText = (value: unknown, least: number, most: number): boolean =>
  typeof value === "string" && value.length >= least && value.length <= most;
