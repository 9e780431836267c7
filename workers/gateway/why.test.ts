/** What came in over HTTP is found again as it came, without the key that it came with. */
import { afterAll, expect, it } from "vitest";
import { createKey } from "#server/domain/identity/keys.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { openGateway } from "#tests/gateway.ts";
import { makeSendingTree, nextNumber } from "#tests/sending.ts";
import { wireTrace } from "#workers/wire-trace.ts";

const db = await testDatabase();
const { address, close } = await openGateway(db);
afterAll(async () => {
  await close();
  await wireTrace.stop();
});

it("answers any id with the story, the request in it", async () => {
  wireTrace.start(db, "gateway");
  const tree = await makeSendingTree(db);
  const scopes = ["messages.send", "messages.read"] as const;
  const { key = "" } = await createKey(contextFor(db, tree.subaccount.id), {
    id: newId(),
    name: "Shop",
    scopes: [...scopes],
  });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const reference = `a/b ${newId()}`;
  const body = JSON.stringify({ sender: "ACME", to: nextNumber(), text: "Grüße", reference });
  const sent = await fetch(`${address}/api/v1/messages`, { method: "POST", headers, body });
  expect(sent.status).toBe(202);
  await wireTrace.flush();
  const ask = async (id: string) => {
    const answer = await fetch(`${address}/api/v1/why?id=${encodeURIComponent(id)}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };
  const { status, text } = await ask(reference);
  expect(status).toBe(200);
  expect(text).not.toContain(key);
  const { matches, story } = JSON.parse(text);
  expect(matches).toMatchObject([{ foundBy: "reference", reference }]);
  const arrived = story.steps.find((step: { kind: string }) => step.kind === "arrived");
  expect(arrived.exchange.peer).toMatchObject({ ip: "127.0.0.1", route: "POST /api/v1/messages", key: "Shop" });
  expect(JSON.parse(arrived.exchange.request.text)).toMatchObject({ sender: "ACME", text: "Grüße", reference });
  expect(JSON.parse(arrived.exchange.response.text)).toMatchObject({ id: story.id, status: "queued" });
  expect(story.steps.find((step: { kind: string }) => step.kind === "held").money).toHaveLength(1);
  expect(await ask("nothing of this name")).toEqual({
    status: 200,
    text: '{"matches":[],"hasMore":false,"story":null}',
  });
});
