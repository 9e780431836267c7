/** What can be told from the beginning of a CSV file: its encoding, its delimiter, its columns. Pure: the browser uses it. */

export type CsvEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1258";
export type Delimiter = "," | ";" | "\t";

/** So many bytes decide; a later byte that contradicts refuses its row only. */
export const headBytes = 65_536;

/**
 * By the byte order mark (Unicode 15 section 23.8), else by where the zero bytes are, else UTF-8 when the bytes are
 * valid UTF-8, else the code page of Vietnamese Windows.
 */
export function detectEncoding(head: Uint8Array): CsvEncoding {
  const [a, b] = head;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const sample = head.subarray(0, 512);
  const zerosAt = (parity: number) => sample.reduce((n, byte, i) => n + (byte === 0 && i % 2 === parity ? 1 : 0), 0);
  if (zerosAt(1) * 4 > sample.length) return "utf-16le";
  if (zerosAt(0) * 4 > sample.length) return "utf-16be";
  return isUtf8(head) ? "utf-8" : "windows-1258";
}

/** A character cut off at the end of the head is no fault. */
function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The separator that stands most often in the first line that is not empty, outside quotation marks. */
export function detectDelimiter(text: string): Delimiter {
  const counts = { ",": 0, ";": 0, "\t": 0 };
  let isQuoted = false;
  let hasText = false;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === "\n" || char === "\r")) {
      if (hasText) break;
    } else if (!isQuoted && (char === "," || char === ";" || char === "\t")) counts[char] += 1;
    if (char > " ") hasText = true;
  }
  if (counts["\t"] > counts[","] && counts["\t"] > counts[";"]) return "\t";
  return counts[";"] > counts[","] ? ";" : ",";
}

/** Trimmed, in one Unicode form, and a name for columns without one. */
export function headerNames(cells: readonly string[]): string[] {
  return cells.map((cell, i) => cell.normalize("NFC").trim() || `column_${i + 1}`);
}

const phoneWords =
  /phone|mobile|msisdn|tel|number|đi[eệ]n tho[aạ]i|dien thoai|sđt|sdt|s[oố] (đt|máy|may)|телефон|номер|моб/iu;
const looksLikeNumber = /^'?\+?[\d][\d\s().-]{6,19}$/;

/** The column with the numbers: by its name and by what stands in it. Null when nothing looks like one. */
export function guessPhoneColumn(headers: readonly string[], rows: readonly (readonly string[])[]): string | null {
  const scored = headers.map((header, i) => {
    const cells = rows.map((row) => (row[i] ?? "").trim()).filter(Boolean);
    const share = cells.length === 0 ? 0 : cells.filter((cell) => looksLikeNumber.test(cell)).length / cells.length;
    return { header, score: share * 2 + (phoneWords.test(header) ? 1 : 0) };
  });
  const best = scored.sort((x, y) => y.score - x.score)[0];
  return best && best.score >= 1 ? best.header : null;
}
