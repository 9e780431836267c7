/** Tells input that the schema would take as it is: most has plain fields only, and the schema takes ten times as long to say so. */
import type { z } from "zod";
import { maxItems, type SubmitMessages, type submitMessages } from "#server/domain/messages/input.ts";
import { isId } from "#server/kernel/id.ts";

type Parsed = z.output<typeof submitMessages>;

/** True only for what submitMessages (input.ts) accepts and leaves as it is. False says nothing: the schema decides then. */
export function isPlain(input: SubmitMessages): input is Parsed {
  for (const name in input) {
    const value: unknown = input[name as keyof SubmitMessages];
    switch (name) {
      case "batchId":
        if (!isIdText(value)) return false;
        break;
      case "source":
        if (typeof value !== "string" || !sources.has(value)) return false;
        break;
      case "campaignId":
        if (value !== undefined && !isIdText(value)) return false;
        break;
      case "skipScreening":
      case "dryRun":
        if (value !== undefined && typeof value !== "boolean") return false;
        break;
      case "idempotency":
        if (value !== undefined) return false;
        break;
      case "items":
        if (!Array.isArray(value) || value.length < 1 || value.length > maxItems) return false;
        break;
      default:
        return false;
    }
  }
  return input.batchId !== undefined && input.source !== undefined && (input.items?.every(isPlainItem) ?? false);
}

const sources = new Set<string>(["campaign", "http", "trpc", "smpp", "console"] satisfies SubmitMessages["source"][]);

function isPlainItem(item: SubmitMessages["items"][number]): boolean {
  if (typeof item !== "object" || item === null) return false;
  for (const name in item) {
    if (!isPlainField(name, item[name as keyof typeof item])) return false;
  }
  const { id, sender, to, text } = item;
  return id !== undefined && sender !== undefined && to !== undefined && text !== undefined && item.class !== undefined;
}

/** What goes with a message from a bind beside its text is left to the schema. */
function isPlainField(name: string, value: unknown): boolean {
  switch (name) {
    case "id":
      return isIdText(value);
    case "sender":
    case "to":
      return isText(value, 0, 64);
    case "text":
      return isText(value, 0, 100_000);
    case "class":
      return value === "otp" || value === "transactional" || value === "bulk";
    case "reference":
      return value === undefined || isText(value, 1, 128);
    case "validityMinutes":
      return value === undefined || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 10_080);
    case "validUntil":
    case "sendAt":
      return value === undefined || (value instanceof Date && !Number.isNaN(value.getTime()));
    case "receipt":
      return value === undefined || typeof value === "boolean" || value === "on_failure";
    case "wire":
      return value === undefined;
    default:
      return false;
  }
}

const isIdText = (value: unknown): boolean => typeof value === "string" && isId(value);
const isText = (value: unknown, least: number, most: number): boolean =>
  typeof value === "string" && value.length >= least && value.length <= most;
