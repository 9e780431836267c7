/** What a call to the app came to, read from its answer. SDK specification, 4.4.3 and 5.1.1. */
import { z } from "zod";
import { retryMoment } from "./duration.ts";

/** Postgres holds every character in a text but NUL. */
const label = z.string().transform((text) => text.replaceAll("\u0000", "").slice(0, 500));

const operation = z.looseObject({
  id: z.string().regex(/^[\w:-]{1,200}$/),
  op: z.string(),
  name: label.nullish(),
  displayName: label.nullish(),
  opts: z.record(z.string(), z.unknown()).nullish(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
});
export type Operation = z.infer<typeof operation>;
export const operations = z.array(operation).max(1000);

export type RunError = { name: string; message: string } & Record<string, unknown>;

export type Outcome =
  | { kind: "done"; output: unknown }
  | { kind: "steps"; operations: Operation[]; retryAt: Date | null }
  /** The function threw, or the answer cannot be used. Uses up an attempt. */
  | { kind: "error"; error: RunError; isRetriable: boolean; retryAt: Date | null }
  /** Nobody who is the app answered. Uses up no attempt. */
  | { kind: "missing"; message: string };

export type Answer = { status: number; headers: Record<string, string | undefined>; body: string };

/** @param answer of the app itself: its signature has been checked */
export function readOutcome(answer: Answer, now: Date): Outcome {
  const retryAt = retryMoment(answer.headers["retry-after"], now);
  const body = parseJson(answer.body);
  if (body === undefined) return broken(`The app answered ${answer.status} with something that is not JSON.`);
  if (answer.status === 200) return { kind: "done", output: body };
  if (answer.status === 206) {
    const parsed = operations.safeParse(Array.isArray(body) ? body : [body]);
    if (!parsed.success) return broken(`The app reported steps that are not understood: ${parsed.error.message}`);
    return { kind: "steps", operations: parsed.data, retryAt };
  }
  const isRetriable = answer.headers["x-inngest-no-retry"] !== "true";
  return { kind: "error", error: asError(body), isRetriable, retryAt };
}

export const broken = (message: string): Outcome => ({
  kind: "error",
  error: { name: "Error", message },
  isRetriable: true,
  retryAt: null,
});

/** An error in the SDK's own form, whatever came. */
export function asError(value: unknown): RunError {
  const fields = value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  const message = [fields.message, fields.error, value].find((text) => typeof text === "string");
  return {
    ...fields,
    name: typeof fields.name === "string" ? fields.name : "Error",
    message: typeof message === "string" ? message : JSON.stringify(value ?? "Unknown error"),
  };
}

function parseJson(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
