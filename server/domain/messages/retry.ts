/** Runs a transaction again when it met another one on the same rows: the second run sees what the first one left. */

/** unique_violation (the same message id at the same moment), deadlock_detected, serialization_failure. */
const collisions = new Set(["23505", "40P01", "40001"]);
const maxAttempts = 4;

/** @param work gets the number of the attempt, from one: a second one may lock first what the first one only read */
export async function retryOnCollision<T>(work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isCollision(error) || attempt === maxAttempts) throw error;
    }
  }
}

/** An account's floor as well: what was read without a lock was there, and somebody else took it. */
function isCollision(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  if ("constraint_name" in error && error.constraint_name === "ledger_accounts_floor") return true;
  return collisions.has(String(error.code));
}
