/** CSV as people make it: encodings, delimiters, quotes and line ends; faults with their row. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectDelimiter, detectEncoding, guessPhoneColumn } from "#server/domain/contacts/csv-format.ts";
import { NumberSet } from "#server/domain/contacts/number-set.ts";
import { previewCsv } from "#server/domain/contacts/preview-csv.ts";
import { type CsvRow, readCsv } from "#server/domain/contacts/read-csv.ts";

async function* inChunks(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Uint8Array | string, chunkSize?: number) {
  const file = await readCsv(inChunks(Buffer.from(bytes), chunkSize));
  const rows: CsvRow[] = [];
  for await (const row of file.rows) rows.push(row);
  return { headers: file.headers, rows };
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe("reading CSV", () => {
  it("gives back what was written, whatever the delimiter, line end, encoding and chunks", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "ế", "đ", "😀", '"', ",", ";", "\t", "\n", "\r\n", " ", "0") });
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.constantFrom("utf-8", "bom", "utf-16le"),
        fc.integer({ min: 1, max: 4096 }),
        async (rows, delimiter, lineEnd, encoding, chunkSize) => {
          const lines = [["phone", "name", "note"], ...rows].map((r) => r.map(quoted).join(delimiter));
          const text = lines.join(lineEnd);
          const bytes =
            encoding === "utf-16le"
              ? Buffer.from(`\ufeff${text}`, "utf16le")
              : Buffer.from(encoding === "bom" ? `\ufeff${text}` : text);
          const read = await readAll(bytes, chunkSize);
          expect(read.headers).toEqual(["phone", "name", "note"]);
          expect(read.rows.map((r) => r.cells)).toEqual(rows);
          expect(read.rows.map((r) => r.row)).toEqual(rows.map((_, i) => i + 2));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("never ends otherwise than with rows or malformed_csv, whatever the bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        try {
          await readAll(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "malformed_csv", detail: { row: expect.any(Number) } });
        }
      }),
      { numRuns: 300 },
    );
  });

  it("reads UTF-16 without a mark and the code page of Vietnamese Windows", async () => {
    const utf16 = await readAll(Buffer.from("phone,name\n84901234567,Nguyen\n", "utf16le"));
    expect(utf16.rows[0]?.cells).toEqual(["84901234567", "Nguyen"]);
    // "phone;tên\n1;Đư" in windows-1258
    const bytes = Buffer.concat([
      Buffer.from("phone;t"),
      Buffer.from([0xea]),
      Buffer.from("n\n1;"),
      Buffer.from([0xd0, 0xfd]),
    ]);
    const legacy = await readAll(bytes);
    expect(legacy).toEqual({ headers: ["phone", "tên"], rows: [{ row: 2, cells: ["1", "Đư"] }] });
  });

  it("counts empty rows as a spreadsheet does, and names columns without a name", async () => {
    const read = await readAll("phone,,name\r\n\r\n1,2,3\r\n\r\n4,5,6\r\n");
    expect(read.headers).toEqual(["phone", "column_2", "name"]);
    expect(read.rows.map((r) => r.row)).toEqual([3, 5]);
  });

  it.each([
    ["", 1, /empty/],
    ["phone,phone\n1,2\n", 1, /Two columns/],
    ['phone,name\n1,a\n2,"b\n3,c\n', 3, /never closed/],
    ['phone,name\n1,a\n2,"b"c\n', 3, /inside a field/],
    ['phone,name\n1,a "quoted" word\n', 2, /inside a field/],
    [`phone,name\n1,"${"x".repeat(70_000)}"\n`, 2, /64 KB/],
    [`${Array.from({ length: 51 }, (_, i) => `c${i}`).join(",")}\n`, 1, /at most 50 columns/],
  ])("refuses %j with its row", async (text, row, message) => {
    await expect(readAll(text.slice(0, 200_000))).rejects.toMatchObject({
      code: "malformed_csv",
      message: expect.stringMatching(message),
      detail: { row },
    });
  });
});

describe("the beginning of a file", () => {
  it("tells encoding and delimiter", () => {
    expect(detectEncoding(Buffer.from("tên"))).toBe("utf-8");
    expect(detectEncoding(Buffer.from("tên").subarray(0, 2))).toBe("utf-8");
    expect(detectEncoding(Buffer.from([0x74, 0xea, 0x6e]))).toBe("windows-1258");
    expect(detectDelimiter('"a,b,c";x;y\n1,2,3')).toBe(";");
    expect(detectDelimiter("a\tb\n")).toBe("\t");
    expect(detectDelimiter("phone\n")).toBe(",");
  });

  it("previews the rows and guesses the column with the numbers", () => {
    const preview = previewCsv(Buffer.from("STT;Họ tên;Số điện thoại\n1;Bảo;0901234567\n2;Chi;+84 90 123 45 68\n"));
    expect(preview).toEqual({
      encoding: "utf-8",
      delimiter: ";",
      headers: ["STT", "Họ tên", "Số điện thoại"],
      rows: [
        ["1", "Bảo", "0901234567"],
        ["2", "Chi", "+84 90 123 45 68"],
      ],
      phoneColumn: "Số điện thoại",
    });
    expect(guessPhoneColumn(["a", "b"], [["x", "y"]])).toBeNull();
    expect(previewCsv(Buffer.from(""))).toBeNull();
  });
});

describe("NumberSet", () => {
  it("is a set that remembers the first row", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 999_999_999_999_999 }).map(String)), (numbers) => {
        const set = new NumberSet();
        const model = new Map<string, number>();
        numbers.concat(numbers).forEach((number, i) => {
          expect(set.add(number, i + 1)).toBe(model.get(number) ?? null);
          if (!model.has(number)) model.set(number, i + 1);
        });
        expect(set.size).toBe(model.size);
      }),
    );
    const big = new NumberSet();
    let wrong = 0;
    for (let i = 0; i < 100_000; i += 1) if (big.add(String(84_900_000_000 + i), i + 1) !== null) wrong += 1;
    for (let i = 0; i < 100_000; i += 1) if (big.add(String(84_900_000_000 + i), 1) !== i + 1) wrong += 1;
    expect(wrong).toBe(0);
  });
});
