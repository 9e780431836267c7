/** docs/api/errors.md against the sources: every stable code that a caller can meet stands there, with its kind and a way out. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { refusalCodes as moneyCodes } from "#server/domain/ledger/allocate.ts";
import { refusalCodes } from "#server/domain/messages/refusal.ts";
import { type ErrorKind, errorKinds, httpStatusOf } from "#server/kernel/errors.ts";

/** Where the code is not written at the throw: what it can be is read elsewhere below. */
const computed = new Set([
  // The makers of errors themselves.
  "server/kernel/errors.ts",
  // The first refusal of a message, all of which are collected from their tables.
  "server/domain/campaigns/submit.ts",
  "server/domain/messages/replace.ts",
]);

// The workflow server speaks its engine's protocol, to no tenant.
const files = ["server", "workers", "app/api"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => path.join(folder, file))
    .filter((file) => /\.tsx?$/.test(file) && !file.includes(".test.") && !file.startsWith("workers/workflow/")),
);

type Thrown = { code: string; answer: string; file: string };
const unreadable: string[] = [];

/** `answer` is the kind of the error, or an HTTP status where an edge answers by itself. */
function thrownIn(file: string): Thrown[] {
  const text = readFileSync(file, "utf8").replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  const found: Thrown[] = [];
  for (const [, kind, rest = ""] of text.matchAll(/new DomainError\(\s*([^,]+),\s*([^,]+),/g)) {
    const [literalKind, code] = [/^"(\w+)"$/.exec(kind ?? "")?.[1], /^"(\w+)"$/.exec(rest.trim())?.[1]];
    // What was caught is thrown on under its own code.
    if (kind === "error.kind" && rest === "error.code") continue;
    if (literalKind && code) found.push({ code, answer: literalKind, file });
    else if (!computed.has(file)) unreadable.push(`${file}: new DomainError(${kind}, ${rest}`);
  }
  for (const [, maker = "", argument = ""] of text.matchAll(/\b(invalidInput|conflict|notFound)\(\s*([^,)\s]*)/g)) {
    const code = /^"(\w+)"$/.exec(argument)?.[1];
    const answer = { invalidInput: "invalid_input", conflict: "conflict", notFound: "not_found" }[maker] ?? "";
    if (code) found.push({ code: maker === "notFound" ? `${code}_not_found` : code, answer, file });
    else if (argument && !computed.has(file)) unreadable.push(`${file}: ${maker}(${argument}`);
  }
  for (const [, status = "", code = ""] of text.matchAll(/\bproblem\(\s*(\d{3}),\s*"(\w+)"/g)) {
    found.push({ code, answer: status, file });
  }
  for (const [, status = "", code = ""] of text.matchAll(/\bstatus: (\d{3}), code: "(\w+)"/g)) {
    found.push({ code, answer: status, file });
  }
  return found;
}

const thrown = files.flatMap(thrownIn);
const ofMessages = [...refusalCodes, ...moneyCodes, "temporarily_unavailable"];

type Row = { section: string; answers: string[]; codes: string[]; wayOut: string };
const rows: Row[] = [];
let section = "";
for (const line of readFileSync("docs/api/errors.md", "utf8").split("\n")) {
  if (line.startsWith("## ")) section = line.slice(3);
  const cells = line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
  const codeCell = cells.at(-2) ?? "";
  const codes = [...codeCell.matchAll(/`(\w+)`/g)].map(([, code]) => code ?? "");
  if (codes.length === 0) continue;
  rows.push({
    section,
    codes,
    wayOut: cells.at(-1) ?? "",
    answers: cells
      .slice(0, -2)
      .join(",")
      .split(/[\s,]+/),
  });
}

const answersFor = (answer: string): string[] =>
  errorKinds.includes(answer as ErrorKind) ? [answer, String(httpStatusOf[answer as ErrorKind])] : [answer];

describe("docs/api/errors.md", () => {
  it("can be compared: every throw in the sources names its code", () => {
    expect(unreadable).toEqual([]);
    expect(thrown.length).toBeGreaterThan(100);
  });

  it("has every code that is thrown, with its kind or status", () => {
    const missing = thrown.filter(
      ({ code, answer }) =>
        !rows.some(
          (row) => row.codes.includes(code) && row.answers.some((given) => answersFor(answer).includes(given)),
        ),
    );
    expect([...new Set(missing.map(({ code, answer, file }) => `${answer} ${code} (${file})`))].sort()).toEqual([]);
  });

  it("has every reason for which a single message is refused", () => {
    const known = rows.filter((row) => row.section === "Of one message").flatMap((row) => row.codes);
    expect(ofMessages.filter((code) => !known.includes(code))).toEqual([]);
  });

  it("says what to do about each, and names no code that is gone", () => {
    expect(rows.filter((row) => row.wayOut.length < 5)).toEqual([]);
    const known = new Set([...thrown.map(({ code }) => code), ...ofMessages]);
    expect(rows.flatMap((row) => row.codes).filter((code) => !known.has(code))).toEqual([]);
  });

  it("gives the HTTP status of every kind", () => {
    const text = readFileSync("docs/api/errors.md", "utf8");
    for (const kind of errorKinds) expect(text).toMatch(new RegExp(`\\| ${httpStatusOf[kind]} \\| ${kind} \\|`));
  });
});
