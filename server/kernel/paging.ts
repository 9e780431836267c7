/** Cursor paging: every list is bounded, newest first, and pages by the last id seen. */
import { z } from "zod";

export const pageInput = z.object({
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type PageInput = z.input<typeof pageInput>;
export type Page<T> = { items: T[]; nextCursor: string | null };

/** Give it limit + 1 rows: it keeps limit and says where the next page starts. */
export function toPage<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
