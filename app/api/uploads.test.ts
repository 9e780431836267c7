/** Uploads and exports over HTTP: streamed in and out with an API key, errors as problems, other tenants see nothing. */
import { describe, expect, it } from "vitest";
import { GET as exportMessages } from "#app/api/exports/messages/route.ts";
import { GET as exportRejected } from "#app/api/exports/rejected-rows/[listId]/route.ts";
import { GET as exportSummary } from "#app/api/exports/summary/route.ts";
import { POST as uploadOptOuts } from "#app/api/uploads/opt-outs/route.ts";
import { POST as uploadRecipients } from "#app/api/uploads/recipients/route.ts";
import type { Database } from "#db/client.ts";
import { createKey } from "#server/domain/identity/keys.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();
(globalThis as typeof globalThis & { webDatabase?: Database }).webDatabase = db;

async function keyOf(tenantId: string): Promise<string> {
  const scopes = ["contacts.write", "messages.read", "reports.read"] as const;
  const { key } = await createKey(contextFor(db, tenantId), { id: newId(), name: "Uploads", scopes: [...scopes] });
  if (!key) throw new Error("A new key is shown once.");
  return key;
}

const request = (path: string, key: string | null, body?: string) =>
  new Request(`http://localhost${path}`, {
    method: body === undefined ? "GET" : "POST",
    body,
    headers: key ? { authorization: `Bearer ${key}` } : { origin: "http://localhost", host: "localhost" },
  });

describe("uploads and exports", () => {
  it("imports a list from the body, and answers a malformed file with its row", async () => {
    const tree = await makeSendingTree(db);
    const key = await keyOf(tree.subaccount.id);
    const id = newId();
    const query = new URLSearchParams({ id, name: "Tết", fileName: "tet.csv", phone: "phone", field: "name" });
    const good = await uploadRecipients(
      request(`/api/uploads/recipients?${query}`, key, "name,phone\nÁnh,0912000001\nBo,123\n"),
    );
    expect(good.status).toBe(201);
    expect(await good.json()).toMatchObject({
      id,
      status: "ready",
      acceptedCount: 1,
      invalidCount: 1,
      fields: ["name"],
    });
    query.set("id", newId());
    const bad = await uploadRecipients(
      request(`/api/uploads/recipients?${query}`, key, 'name,phone\n"Ánh,0912000001\n'),
    );
    expect(bad.status).toBe(400);
    expect(bad.headers.get("content-type")).toContain("application/problem+json");
    expect(await bad.json()).toMatchObject({ code: "malformed_csv", row: 2 });
    const unnamed = await uploadRecipients(request("/api/uploads/recipients?name=x", key, "a,b\n"));
    expect(await unnamed.json()).toMatchObject({ status: 400, code: "invalid_input" });
  });

  it("imports opt-outs", async () => {
    const tree = await makeSendingTree(db);
    const answer = await uploadOptOuts(
      request(
        "/api/uploads/opt-outs?fileName=stop.csv&phone=phone",
        await keyOf(tree.subaccount.id),
        "phone\n0912000001\n",
      ),
    );
    expect(await answer.json()).toMatchObject({ rows: 1, added: 1 });
  });

  it("gives one key a few uploads at a time, and the next when one has ended", async () => {
    const tree = await makeSendingTree(db);
    const key = await keyOf(tree.subaccount.id);
    const start = () => {
      const { readable: body, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const file = writable.getWriter();
      const query = new URLSearchParams({ fileName: "stop.csv", phone: "phone" });
      const init = { method: "POST", body, duplex: "half", headers: { authorization: `Bearer ${key}` } } as RequestInit;
      const answer = uploadOptOuts(new Request(`http://localhost/api/uploads/opt-outs?${query}`, init));
      const end = () => {
        // What was refused is not read: its writes end as they may.
        for (const write of [file.write(Buffer.from("phone\n0912000001\n")), file.close()]) write.catch(() => {});
        return answer;
      };
      return { answer, end };
    };
    const uploads = Array.from({ length: 5 }, start);
    const refused = await Promise.race(uploads.map(({ answer }) => answer));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
    expect(await refused.json()).toMatchObject({ code: "too_many_uploads" });
    const answers = await Promise.all(uploads.map(({ end }) => end()));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429]);
    expect((await start().end()).status).toBe(200);
  });

  it("sends CSV as it is made, filtered by the query", async () => {
    const tree = await makeSendingTree(db);
    await send(contextFor(db, tree.subaccount.id), [itemOf(), itemOf({ to: "84971000001" })]);
    const key = await keyOf(tree.subaccount.id);
    const csv = await exportMessages(request("/api/exports/messages?status=queued&operatorId=vn-viettel", key));
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="messages.csv"');
    const text = await csv.text();
    expect(text.trim().split("\r\n")).toHaveLength(2);
    expect(text).toContain("84971000001");
    const report = await exportSummary(request("/api/exports/summary?groupBy=operator", key));
    expect(await report.text()).toContain("operator,accepted,sent");
    const wrong = await exportSummary(request("/api/exports/summary?groupBy=moon", key));
    expect(wrong.status).toBe(400);
  });

  it("asks who is there, and tells nothing of another tenant", async () => {
    const tree = await makeSendingTree(db);
    const key = await keyOf(tree.subaccount.id);
    const id = newId();
    const query = new URLSearchParams({ id, name: "List", fileName: "l.csv", phone: "phone" });
    await uploadRecipients(request(`/api/uploads/recipients?${query}`, key, "phone\nx\n"));
    const params = { params: Promise.resolve({ listId: id }) };
    const foreign = await exportRejected(
      request(`/api/exports/rejected-rows/${id}`, await keyOf(tree.sibling.id)),
      params,
    );
    // Keys have no scope to read contacts at all.
    expect(foreign.status).toBe(403);
    const forged = new Request("http://localhost/api/uploads/recipients", {
      method: "POST",
      body: "phone\n",
      headers: { origin: "https://evil.example", host: "localhost" },
    });
    expect((await uploadRecipients(forged)).status).toBe(403);
  });
});
