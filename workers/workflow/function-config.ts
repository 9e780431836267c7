/** What a function may ask for: its options are read at sync, and one that is not supported is refused by name. */
import { z } from "zod";
import { parseCron } from "./cron.ts";
import { momentOf } from "./duration.ts";
import { parseCondition, parseKey } from "./expression.ts";
import { limits } from "./settings.ts";

const concurrency = z.strictObject({
  limit: z.number().int().min(0),
  key: z.string().optional(),
  scope: z.enum(["fn", "env", "account"]).optional(),
});

/** Options that change when or whether a function runs: to ignore one would be to run it wrongly. */
const unsupported = {
  batchEvents: z.unknown().optional(),
  rateLimit: z.unknown().optional(),
  throttle: z.unknown().optional(),
  debounce: z.unknown().optional(),
  priority: z.unknown().optional(),
  timeouts: z.unknown().optional(),
  singleton: z.unknown().optional(),
};

const trigger = z.union([
  z.strictObject({ event: z.string().min(1), expression: z.string().optional() }),
  z.strictObject({ cron: z.string().min(1), jitter: z.string().optional() }),
]);

const config = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().optional(),
  triggers: z.array(trigger).max(20),
  steps: z.strictObject({
    step: z.looseObject({
      runtime: z.looseObject({ type: z.string(), url: z.url() }),
      retries: z.looseObject({ attempts: z.number().int().min(0).optional() }).optional(),
    }),
  }),
  idempotency: z.string().optional(),
  cancel: z
    .array(z.strictObject({ event: z.string().min(1), if: z.string().optional(), timeout: z.string().optional() }))
    .max(10)
    .optional(),
  concurrency: z.union([z.number().int().min(0), concurrency, z.array(concurrency).max(2)]).optional(),
  ...unsupported,
});
export type FunctionConfig = z.infer<typeof config>;

/** Three retries after the first attempt, unless the function says otherwise. */
const defaultRetries = 3;

export class Refusal extends Error {}

/** @throws Refusal that names the function and the option */
export function readConfig(raw: unknown): FunctionConfig {
  const id = z.object({ id: z.string() }).safeParse(raw).data?.id ?? "without an id";
  const refuse = (option: string, why: string): never => {
    throw new Refusal(`Function "${id}" cannot be served: ${option} ${why}`);
  };
  const parsed = config.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse(`option "${issue?.path.join(".") ?? ""}"`, `is not understood (${issue?.message ?? "invalid"}).`);
  }
  const accepted = parsed.data;
  for (const option of Object.keys(unsupported) as (keyof typeof unsupported)[]) {
    if (accepted[option] !== undefined) refuse(`option "${option}"`, "is not supported by the embedded server.");
  }
  const understood = (option: string, check: () => unknown) => {
    try {
      check();
    } catch (error) {
      refuse(`option "${option}"`, `is refused. ${error instanceof Error ? error.message : error}`);
    }
  };
  for (const one of accepted.triggers) {
    if ("cron" in one) {
      understood("triggers.cron", () => parseCron(one.cron));
      if (one.jitter) refuse('option "triggers.jitter"', "is not supported by the embedded server.");
    } else if (one.expression !== undefined) {
      const expression = one.expression;
      understood("triggers.if", () => parseCondition(expression, ["event"]));
    }
  }
  for (const cancel of accepted.cancel ?? []) {
    if (cancel.if !== undefined) {
      const condition = cancel.if;
      understood("cancelOn.if", () => parseCondition(condition, ["event", "async"]));
    }
    if (cancel.timeout && !momentOf(cancel.timeout, new Date())) {
      refuse('option "cancelOn.timeout"', `is neither a duration nor a date: "${cancel.timeout}".`);
    }
  }
  for (const { key } of concurrencyOf(accepted)) if (key) understood("concurrency.key", () => parseKey(key));
  const { idempotency } = accepted;
  if (idempotency) understood("idempotency", () => parseKey(idempotency));
  if (attemptsOf(accepted) > limits.attempts) refuse('option "retries"', `is above ${limits.attempts - 1}.`);
  return accepted;
}

/** Attempts of a step in all: the first one and its retries. */
export const attemptsOf = (accepted: FunctionConfig): number =>
  (accepted.steps.step.retries?.attempts ?? defaultRetries) + 1;

/** The limits on calls at the same time; a limit of 0 means none. */
export function concurrencyOf(accepted: FunctionConfig): z.infer<typeof concurrency>[] {
  const { concurrency: asked } = accepted;
  if (asked === undefined) return [];
  const list = typeof asked === "number" ? [{ limit: asked }] : Array.isArray(asked) ? asked : [asked];
  return list.filter(({ limit }) => limit > 0);
}
