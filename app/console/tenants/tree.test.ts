/** The order in which the tree of tenants is shown. */
import { expect, it } from "vitest";
import { inTreeOrder } from "#app/console/tenants/tree.ts";

it("puts each tenant before those below it, names in order, and leaves out what is not below the root", () => {
  const rows = [
    { id: "r", parentId: "outside", name: "Root" },
    { id: "b", parentId: "r", name: "B" },
    { id: "a", parentId: "r", name: "A" },
    { id: "a1", parentId: "a", name: "Z" },
    { id: "x", parentId: "elsewhere", name: "Stray" },
  ];
  expect(inTreeOrder(rows, "r").map((row) => `${row.depth}${row.id}`)).toEqual(["0r", "1a", "2a1", "1b"]);
});
