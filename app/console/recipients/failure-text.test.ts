/** Kept reasons of failed imports are told in the reader's language. */
import { expect, it } from "vitest";
import { readFailure } from "#app/console/recipients/failure-text.ts";

it.each([
  ["Row 7: A quotation mark opens here and is never closed.", { row: 7, key: "quoteNotClosed" }],
  ["The upload broke off. Start it again.", { row: null, key: "brokeOff" }],
  ["Row 3: Something new.", { row: 3, key: null, text: "Something new." }],
])("reads %s", (failure, expected) => {
  expect(readFailure(failure)).toMatchObject(expected);
});
