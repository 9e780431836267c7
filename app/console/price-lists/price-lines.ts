/** The lines of a price list as the editor holds them, and as pasted from a spreadsheet. Pure. */
import type { PriceLine } from "#server/domain/pricing/input.ts";
import { formatMicros, parseMicros } from "#server/kernel/money.ts";

export type OperatorChoice = { id: string; country: string; name: string };
export type PastedLines = { lines: PriceLine[]; wrong: { row: number; text: string; why: PasteProblem }[] };
export type PasteProblem = "columns" | "country" | "operator" | "class" | "price";

const classes = ["otp", "transactional", "bulk"] as const;
const columns = 4;

/**
 * Reads "country, operator, class, price" rows, separated by commas, semicolons or tabs; a heading is passed over.
 * The operator is its id, its name, or * for every operator; the price a decimal for one part.
 */
export function parsePastedLines(text: string, operators: OperatorChoice[]): PastedLines {
  const result: PastedLines = { lines: [], wrong: [] };
  for (const [at, row] of text.split(/\r?\n/).entries()) {
    if (row.trim() === "") continue;
    const parsed = parseRow(row, operators);
    if (typeof parsed !== "string") result.lines.push(parsed);
    else if (at > 0 || !/country/i.test(row)) result.wrong.push({ row: at + 1, text: row.trim(), why: parsed });
  }
  return result;
}

function parseRow(row: string, operators: OperatorChoice[]): PriceLine | PasteProblem {
  const separator = ["\t", ";", ","].find((candidate) => row.includes(candidate)) ?? ",";
  const cells = row.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  if (cells.length !== columns) return "columns";
  const [country = "", operator = "", trafficClass = "", price = ""] = cells;
  const code = country.toUpperCase();
  if (!/^[A-Z]{2}$/.test(code)) return "country";
  const operatorId = operatorOf(operator, code, operators);
  if (!operatorId) return "operator";
  const known = classes.find((candidate) => candidate === trafficClass.toLowerCase());
  if (!known) return "class";
  const unitPriceMicros = priceOf(price);
  return unitPriceMicros === null ? "price" : { country: code, operatorId, trafficClass: known, unitPriceMicros };
}

function operatorOf(text: string, country: string, operators: OperatorChoice[]): string | null {
  if (text === "*" || text === "") return "*";
  const wanted = text.toLowerCase();
  const match = operators.find(
    (operator) => operator.country === country && (operator.id === wanted || operator.name.toLowerCase() === wanted),
  );
  return match?.id ?? null;
}

function priceOf(text: string): bigint | null {
  try {
    const micros = parseMicros(text.replace(",", "."));
    return micros < 0n ? null : micros;
  } catch {
    return null;
  }
}

/** What the paste box starts from: the present lines, so that they can be taken to a spreadsheet and back. */
export const linesAsText = (lines: PriceLine[], currency: string): string =>
  lines
    .map((line) =>
      [line.country, line.operatorId, line.trafficClass, formatMicros(line.unitPriceMicros, currency)].join(";"),
    )
    .join("\n");
