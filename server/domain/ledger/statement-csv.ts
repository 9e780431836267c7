/** A statement as CSV rows: exact decimals, one line a day, the latest first. Pure. */
import { stringify } from "csv-stringify/sync";
import type { Statement, StatementDay, StatementFigures } from "#server/domain/ledger/statement.ts";
import { formatMicros } from "#server/kernel/money.ts";

const columns = ["funded", "held", "posted", "givenBack", "balance"] as const satisfies (keyof StatementFigures)[];

export const statementHeader = (currency: string): string[] => [
  "day",
  ...columns.map((c) => `${snake(c)}_${currency.toLowerCase()}`),
  ...columns.map((c) => `${snake(c)}_parts`),
];

export const statementRow = (day: StatementDay, currency: string): string[] => [
  day.day,
  ...columns.map((c) => formatMicros(day.money[c], currency)),
  ...columns.map((c) => day.parts[c].toString()),
];

export const statementCsv = ({ items, currency }: Pick<Statement, "items" | "currency">): string =>
  stringify([statementHeader(currency), ...items.map((day) => statementRow(day, currency))]);

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
