/** What all parts of the server share: database, settings, the served functions, and the call to wake up. */
import type { Database, Tx } from "#db/client.ts";
import type { Clock } from "#server/kernel/clock.ts";
import type { Catalog } from "./catalog.ts";
import type { WorkflowSettings } from "./settings.ts";

export type Engine = {
  readonly db: Database;
  readonly clock: Clock;
  readonly settings: WorkflowSettings;
  readonly catalog: Catalog;
  /** There may be something to do: look at once instead of at the next poll. */
  wake(): void;
};

/** deadlock_detected, serialization_failure: the transaction was undone whole and may be tried again. */
const repeatable = new Set(["40P01", "40001"]);
const maxTries = 5;

/** A change of state: one transaction, repeated when it lost a deadlock, after which the server looks what is due. */
export async function change<T>(engine: Engine, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      const result = await engine.db.asSystem(work);
      engine.wake();
      return result;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!repeatable.has(code) || tries >= maxTries) throw error;
    }
  }
}
