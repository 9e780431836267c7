/** One reported step becomes state: a memoised result, a planned call, a timer, a wait, an invoked run. */
import type { Tx } from "#db/client.ts";
import { namedId } from "#server/kernel/id.ts";
import { momentOf } from "./duration.ts";
import type { Engine } from "./engine.ts";
import { ownEvent } from "./event.ts";
import { conditionsFor, parseCondition } from "./expression.ts";
import { asError, type Operation, type RunError } from "./outcome.ts";
import { addWait, createRuns, memoise, queueCall, type Run } from "./runs.ts";
import { limits } from "./settings.ts";

/** "moved": a result was stored. "waiting": something was planned. "retry": try the call again. Otherwise the run ends. */
export type Applied =
  | { kind: "moved" | "waiting" }
  | { kind: "retry"; error: RunError }
  | { kind: "completed"; output: unknown }
  | { kind: "failed"; error: RunError };

const yearMs = 365 * 86_400_000;

/**
 * @param memoised the steps of this run that are stored already: reporting one again changes nothing
 * @param isLastAttempt a step's error is then its result
 */
export async function applyStep(
  engine: Engine,
  tx: Tx,
  run: Run,
  step: Operation,
  memoised: Set<string>,
  isLastAttempt: boolean,
): Promise<Applied> {
  if (step.op === "RunComplete") return { kind: "completed", output: step.data ?? null };
  if (step.op === "DiscoveryRequest") return { kind: "moved" };
  if (memoised.has(step.id)) return { kind: "moved" };
  if (run.stepCount + 1 > limits.stepsPerRun) {
    return failed("TooManySteps", `A run has at most ${limits.stepsPerRun} steps.`);
  }
  const name = step.displayName ?? step.name ?? step.id;
  const store = async (result: { data?: unknown; error?: unknown }): Promise<Applied> => {
    await memoise(engine, tx, run, { id: step.id, name, op: step.op, ...result });
    await tx.sql`delete from workflow_jobs where run_id = ${run.id} and step_id = ${step.id} and lease_token is null`;
    memoised.add(step.id);
    return { kind: "moved" };
  };
  switch (step.op) {
    case "Step":
    case "StepRun":
      return store({ data: step.data });
    case "StepFailed":
      return store({ error: asError(step.error) });
    case "StepError":
      return isLastAttempt ? store({ error: asError(step.error) }) : { kind: "retry", error: asError(step.error) };
    case "StepPlanned":
      await queueCall(engine, tx, run, step.id);
      return { kind: "waiting" };
    case "Sleep":
      return sleep(engine, tx, run, step, name, store);
    case "WaitForEvent":
      return waitForEvent(engine, tx, run, step, name, store);
    case "InvokeFunction":
      return invoke(engine, tx, run, step, name, store);
    default:
      return failed("UnsupportedStep", `Step "${name}" is of the kind "${step.op}", which is not supported.`);
  }
}

type Store = (result: { data?: unknown; error?: unknown }) => Promise<Applied>;

async function sleep(engine: Engine, tx: Tx, run: Run, step: Operation, name: string, store: Store): Promise<Applied> {
  const text = textOf(step.opts?.duration) ?? step.name ?? "";
  const dueAt = momentOf(text, engine.clock.now());
  if (!dueAt) return store({ error: asError(`"${text}" is neither a duration nor a date.`) });
  await addWait(tx, run.id, { stepId: step.id, name, kind: "sleep", dueAt });
  return { kind: "waiting" };
}

async function waitForEvent(
  engine: Engine,
  tx: Tx,
  run: Run,
  step: Operation,
  name: string,
  store: Store,
): Promise<Applied> {
  const eventName = textOf(step.opts?.event) ?? step.name ?? "";
  const timeout = textOf(step.opts?.timeout) ?? "";
  const dueAt = momentOf(timeout, engine.clock.now());
  if (!eventName || !dueAt) return store({ error: asError(`A wait needs an event and a timeout, not "${timeout}".`) });
  const condition = textOf(step.opts?.if);
  try {
    const conditions = condition ? conditionsFor(parseCondition(condition, ["event", "async"]), run.events[0]) : [];
    // A condition that the run's own event rules out leaves the timeout only.
    const awaited = conditions ? { eventName, conditions } : {};
    await addWait(tx, run.id, { stepId: step.id, name, kind: "event", dueAt, ...awaited });
    return { kind: "waiting" };
  } catch (error) {
    return store({ error: asError(error instanceof Error ? error.message : error) });
  }
}

async function invoke(engine: Engine, tx: Tx, run: Run, step: Operation, name: string, store: Store): Promise<Applied> {
  const functionId = textOf(step.opts?.function_id) ?? "";
  const served = engine.catalog.get(functionId);
  if (!served) return store({ error: asError(`There is no function "${functionId}" to invoke.`) });
  const now = engine.clock.now();
  const timeout = textOf(step.opts?.timeout);
  const dueAt = timeout ? momentOf(timeout, now) : new Date(now.getTime() + yearMs);
  if (!dueAt) return store({ error: asError(`"${timeout}" is not a timeout.`) });
  const payload = step.opts?.payload;
  const fields = payload !== null && typeof payload === "object" ? (payload as Record<string, unknown>) : {};
  const data = fields.data !== null && typeof fields.data === "object" ? (fields.data as Record<string, unknown>) : {};
  await addWait(tx, run.id, { stepId: step.id, name, kind: "invoke", dueAt });
  const id = namedId("workflow-invoke", run.id, step.id);
  const event = { ...fields, ...ownEvent("inngest/function.invoked", data, now) };
  await createRuns(engine, tx, [{ id, served, event, parent: { runId: run.id, stepId: step.id } }]);
  return { kind: "waiting" };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);
const failed = (name: string, message: string): Applied => ({ kind: "failed", error: { name, message } });
