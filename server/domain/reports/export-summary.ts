/** A summary as CSV: one line a group and currency, amounts as exact decimals. */
import type { Summary } from "#server/domain/reports/input.ts";
import { type SummaryRow, summarise } from "#server/domain/reports/summary.ts";
import type { Context } from "#server/kernel/context.ts";
import { csvByteOrderMark, csvLine } from "#server/kernel/csv.ts";
import { formatMicros } from "#server/kernel/money.ts";

const header = ["accepted", "sent", "delivered", "failed", "unknown", "parts", "currency", "revenue", "cost", "margin"];

/** Bounded as the summary is; the last line is the total. */
export async function* exportSummary(ctx: Context, input: Summary): AsyncGenerator<string> {
  const { rows, total } = await summarise(ctx, input);
  yield csvByteOrderMark + csvLine([input.groupBy ?? "day", ...header]);
  for (const row of rows) yield linesOf(row).join("");
  yield linesOf({ ...total, key: "total", label: "total" }).join("");
}

function linesOf(row: SummaryRow): string[] {
  const counts = [row.label, row.accepted, row.sent, row.delivered, row.failed, row.unknown, row.parts];
  if (row.money.length === 0) return [csvLine([...counts, null, null, null, null])];
  return row.money.map((m, i) => {
    const amounts = [m.revenueMicros, m.costMicros, m.marginMicros].map((micros) => formatMicros(micros, m.currency));
    // Counts stand on the first line only, so that a column can be added up.
    const cells = i === 0 ? counts : [row.label, null, null, null, null, null, null];
    return csvLine([...cells, m.currency, ...amounts]);
  });
}
