/** How a door speaks that does not speak JSON: what it reads, and how its answers and errors are written. */
import type { Problem } from "#workers/gateway/problem.ts";

export type Dialect = {
  /** Content types of the bodies that it reads. */
  reads: readonly string[];
  /** What to send instead, for those who sent another one. */
  readsHint: string;
  /** @throws what is wrong with the bytes */
  readBody(bytes: Buffer, contentType: string): unknown;
  /** The address' query, not decoded; read as JSON's doors do when left out. */
  readQuery?(bytes: Buffer): unknown;
  /** The key beside the Authorization header, in what was read of the query or the body. */
  keyIn?(read: unknown): string | undefined;
  /** Content type of all answers. */
  writes: string;
  answer(body: unknown): { status?: number; text: string };
  problem(problem: Problem): string;
};
