/** A file of recipients with exactly known contents, and what a campaign with it must cost. Pure. */
import { segmentText } from "#server/domain/messages/segment.ts";

type Recipient = { msisdn: string; name: string; code: string; operatorId: string };
export type RecipientsFile = {
  name: string;
  text: string;
  rows: number;
  recipients: Recipient[];
  optedOut: string[];
  duplicates: number;
  invalid: number;
  unknown: number;
};

/** Three operators, so that a price list's own line for one of them counts. */
const operators = [
  { prefix: "8496", operatorId: "vn-viettel" },
  { prefix: "8491", operatorId: "vn-vinaphone" },
  { prefix: "8490", operatorId: "vn-mobifone" },
] as const;
/** With and without letters outside GSM-7: the same text takes one part or two. */
const names = [
  "Mai",
  "Nguyễn Thị Hồng Hạnh",
  "Long",
  "Đặng Quốc Bảo",
  "André",
  "Lê Ánh Tuyết",
  "Thanh Son",
  "Phạm Hữu Phước",
  "Zoë Müller",
  "Trần Đức Anh",
  "Kim",
  "Võ Nguyên Giáp và các đồng chí ở chiến khu Việt Bắc năm xưa",
] as const;
const wrongNumbers = ["12345", "", "không có", "+84 24 3825 3333", "9.6E+10"] as const;

const rows = 10_000;
const invalid = 150;
const duplicates = 200;
const optedOut = 120;
const unknown = 80;
/** Of the recipients: the carrier reports some undelivered and refuses others, by the end of the number. */
const endings = { undelivered: "0001", refused: "0003" } as const;
const perEnding = 40;

/** @property seed makes the numbers another file's than those of an earlier run */
export function makeRecipientsFile(name: string): RecipientsFile {
  const count = rows - invalid - duplicates - optedOut - unknown;
  const all = Array.from({ length: count + optedOut }, (_, at) => recipientAt(at));
  const recipients = all.slice(0, count);
  const left = all.slice(count);
  const lines = [
    ...all.map((one, at) => lineOf(written(one.msisdn, at), one)),
    ...recipients.slice(0, duplicates).map((one, at) => lineOf(written(one.msisdn, at + 1), { ...one, name: "Again" })),
    ...Array.from({ length: invalid }, (_, at) => `${wrongNumbers[at % wrongNumbers.length]};Nobody;X${at}`),
    // Poland is no country that the demo's operators reach.
    ...Array.from({ length: unknown }, (_, at) => `+48501${String(100_000 + at)};Elsewhere;P${at}`),
  ];
  return {
    name,
    text: `\uFEFFphone;name;code\r\n${lines.join("\r\n")}\r\n`,
    rows: lines.length,
    recipients,
    optedOut: left.map((one) => `+${one.msisdn}`),
    duplicates,
    invalid,
    unknown,
  };
}

function recipientAt(at: number): Recipient {
  const { prefix, operatorId } = operators[at % operators.length] ?? operators[0];
  const name = names[at % names.length] ?? names[0];
  return { msisdn: `${prefix}${subscriberAt(at)}`, name, code: `DH${String(at).padStart(5, "0")}`, operatorId };
}

/** Seven digits. Only the first ones end as the carrier's magic numbers do; the others' last four are 1000 or more. */
function subscriberAt(at: number): string {
  const leading = String(100 + (at % 900));
  if (at < perEnding) return `${leading}${endings.undelivered}`;
  if (at < 2 * perEnding) return `${leading}${endings.refused}`;
  const serial = at * 7;
  return `${String(100 + Math.floor(serial / 9_000)).padStart(3, "0")}${String(1_000 + (serial % 9_000))}`;
}

/** The three ways in which people write a number. */
function written(msisdn: string, at: number): string {
  const national = `0${msisdn.slice(2)}`;
  return [`+${msisdn}`, national, `${national.slice(0, 4)} ${national.slice(4, 7)} ${national.slice(7)}`][at % 3] ?? "";
}

const lineOf = (number: string, { name, code }: Pick<Recipient, "name" | "code">) => `${number};${name};${code}`;

export type Tally = { messages: number; parts: number; partsByOperator: Record<string, number> };
export type Expected = { all: Tally; accepted: Tally; delivered: Tally };

/** What the text takes for everybody, for those whose message the carrier accepts, and for those who get it. */
export function expectedOf(file: RecipientsFile, template: string): Expected {
  const ends = (ending: string) => (one: Recipient) => one.msisdn.endsWith(ending);
  const isRefused = ends(endings.refused);
  const isLost = ends(endings.undelivered);
  const tally = (of: Recipient[]): Tally => {
    const partsByOperator: Record<string, number> = {};
    for (const one of of) {
      const text = template.replaceAll("{{name}}", one.name).replaceAll("{{code}}", one.code);
      partsByOperator[one.operatorId] = (partsByOperator[one.operatorId] ?? 0) + segmentText(text).parts;
    }
    const parts = Object.values(partsByOperator).reduce((sum, n) => sum + n, 0);
    return { messages: of.length, parts, partsByOperator };
  };
  const accepted = file.recipients.filter((one) => !isRefused(one));
  return {
    all: tally(file.recipients),
    accepted: tally(accepted),
    delivered: tally(accepted.filter((o) => !isLost(o))),
  };
}

/** @param prices micro-units for one part, by operator; "*" for the others */
export function priceOf(tally: Tally, prices: Record<string, bigint>): bigint {
  return Object.entries(tally.partsByOperator).reduce(
    (sum, [operatorId, parts]) => sum + BigInt(parts) * (prices[operatorId] ?? prices["*"] ?? 0n),
    0n,
  );
}
