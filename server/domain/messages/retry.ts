/** Runs a transaction again when it met another one on the same rows: the second run sees what the first one left. */

/** unique_violation (the same message id at the same moment), deadlock_detected, serialization_failure. */
const collisions = new Set(["23505", "40P01", "40001"]);
const maxAttempts = 4;

export async function retryOnCollision<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!collisions.has(code) || attempt === maxAttempts) throw error;
    }
  }
}
