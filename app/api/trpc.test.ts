/** tRPC over HTTP: a body is JSON in UTF-8, or nothing is done. */
import { expect, it } from "vitest";
import { POST as trpc } from "#app/api/trpc/[trpc]/route.ts";
import type { Database } from "#db/client.ts";
import { createKey } from "#server/domain/identity/keys.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
(globalThis as typeof globalThis & { webDatabase?: Database }).webDatabase = db;

it("refuses bytes that are no UTF-8 and other charsets, and reads the rest", async () => {
  const tree = await makeTree(db);
  const owner = contextFor(db, tree.partner.id);
  const { key } = await createKey(owner, { id: newId(), name: "Shop", scopes: ["contacts.write"] });
  const add = async (note: Buffer, type = "application/json") => {
    const [before = "", after = ""] = JSON.stringify({ json: { numbers: ["0912000001"], source: "¦" } }).split("¦");
    const body = Buffer.concat([Buffer.from(before), note, Buffer.from(after)]);
    const headers = { authorization: `Bearer ${key}`, "content-type": type };
    return trpc(new Request("http://localhost/api/trpc/contacts.addOptOuts", { method: "POST", headers, body }));
  };
  const refused = await add(Buffer.from([0xff, 0xfe]));
  expect([refused.status, await refused.text()]).toEqual([400, "The body is not JSON in UTF-8."]);
  expect((await add(Buffer.from("x"), "application/json; charset=utf-16")).status).toBe(415);
  // Reaches the verb, which does not know the field.
  const understood = await add(Buffer.from("ảnh"));
  expect(await understood.json()).toMatchObject({ error: { json: { data: { path: "contacts.addOptOuts" } } } });
});
