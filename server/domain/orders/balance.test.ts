/** The balance: the actor's own purchases only, and never another tenant's. */
import { expect, it } from "vitest";
import { balance } from "#server/domain/orders/balance.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, keyContextFor, makeTree } from "#tests/factories.ts";
import { makeChain } from "#tests/money.ts";

const db = await testDatabase();

it("sums what the tenant buys, not what it sells, and repeats itself", async () => {
  const tree = await makeTree(db);
  await makeChain(db, tree);
  const own = await balance(contextFor(db, tree.partner.id, "viewer"));
  expect(own).toHaveLength(1);
  expect(await balance(contextFor(db, tree.partner.id))).toEqual(own);
  const below = await balance(contextFor(db, tree.subaccount.id));
  expect(below[0]?.orderIds).not.toEqual(own[0]?.orderIds);
});

it("refuses a key without the scope and shows a stranger nothing", async () => {
  const tree = await makeTree(db);
  await makeChain(db, tree);
  await expect(balance(keyContextFor(db, tree.partner.id, ["messages.send"]))).rejects.toMatchObject({
    kind: "forbidden",
  });
  expect(await balance(contextFor(db, tree.stranger.id))).toEqual([]);
});
