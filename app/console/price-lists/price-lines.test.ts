/** Pasted price lines: every separator that spreadsheets use, exact prices, and a reason for each row that is left out. */
import { expect, it } from "vitest";
import { linesAsText, parsePastedLines } from "#app/console/price-lists/price-lines.ts";

const operators = [
  { id: "vn-viettel", country: "VN", name: "Viettel" },
  { id: "de-telekom", country: "DE", name: "Telekom" },
];

it("reads commas, semicolons and tabs, names and ids, with and without a heading", () => {
  const text =
    "Country,Operator,Class,Price\nVN,*,otp,620\nvn;Viettel;bulk;510,5\nDE\tde-telekom\ttransactional\t0.0725";
  expect(parsePastedLines(text, operators)).toEqual({
    lines: [
      { country: "VN", operatorId: "*", trafficClass: "otp", unitPriceMicros: 620_000_000n },
      { country: "VN", operatorId: "vn-viettel", trafficClass: "bulk", unitPriceMicros: 510_500_000n },
      { country: "DE", operatorId: "de-telekom", trafficClass: "transactional", unitPriceMicros: 72_500n },
    ],
    wrong: [],
  });
});

it("names the row and the reason of what it cannot read", () => {
  const text = "VN;*;otp\nVietnam;*;otp;1\nDE;Viettel;otp;1\nVN;*;promo;1\nVN;*;otp;-1\nVN;*;otp;0.0000001";
  expect(parsePastedLines(text, operators).wrong.map(({ row, why }) => [row, why])).toEqual([
    [1, "columns"],
    [2, "country"],
    [3, "operator"],
    [4, "class"],
    [5, "price"],
    [6, "price"],
  ]);
});

it("writes what it reads", () => {
  const { lines } = parsePastedLines("VN;*;otp;620.25\nDE;de-telekom;bulk;0.07", operators);
  expect(parsePastedLines(linesAsText(lines, "EUR"), operators).lines).toEqual(lines);
});
