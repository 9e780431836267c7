/** Statements that are sent one after the other without waiting: their results, or the error of the first that failed. */

/**
 * Unlike Promise.all it waits for all of them, and it is the first one's error that counts: what is sent behind a
 * statement that fails only says that the transaction is over.
 */
export async function together<T extends readonly unknown[]>(
  sent: { [K in keyof T]: Promise<T[K]> | T[K] },
): Promise<T> {
  const settled = await Promise.allSettled(sent);
  for (const one of settled) if (one.status === "rejected") throw one.reason;
  return settled.map((one) => (one.status === "fulfilled" ? one.value : undefined)) as unknown as T;
}
