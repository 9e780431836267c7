/** What is typed into the command palette finds what is meant. */
import { expect, it } from "vitest";
import { matchScore } from "#app/console/_shell/match.ts";

it.each([
  ["Price lists priceLists", "price", 1],
  ["Price lists priceLists", "LISTS", 1],
  ["Recipients recipients", "price", 0],
  ["Recipients recipients", "pient", 0.5],
  ["Đơn hàng orders", "don h", 1],
  ["Đơn hàng orders", "order", 1],
  ["Отчёты reports", "отчет", 1],
  ["Отчёты reports", "хлеб", 0],
])("%s, typed %s: %d", (entry, typed, score) => {
  expect(matchScore(entry, typed)).toBe(score);
});
