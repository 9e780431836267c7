/** Faults of a file that are told before the upload. */
import { expect, it } from "vitest";
import { findFault } from "#app/console/recipients/upload/find-fault.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  ["", { row: 1, key: "emptyFile" }],
  ['phone,name\n0912345678,An\n0912345679,"Bình\n0912345670,C\n', { row: 3, key: "quoteNotClosed" }],
  ['phone,name\n0912345678,"An" x\n', { row: 2, key: "quoteInside" }],
  ["phone;name\n0912345678;An\n", null],
])("reads %j", (text, expected) => {
  expect(findFault(bytes(text))).toEqual(expected);
});
