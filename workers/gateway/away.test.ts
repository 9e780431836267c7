/** Postgres dies and hangs while clients send at every door of the API: everybody is answered, and what was acknowledged exists. */
import { expect, it, onTestFinished } from "vitest";
import { connect } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { expectCleanLedger } from "#tests/delivering.ts";
import { makeKey } from "#tests/edges.ts";
import { eventually } from "#tests/eventually.ts";
import { openGateway } from "#tests/gateway.ts";
import { killablePostgres } from "#tests/killable-postgres.ts";
import { makeSendingTree, nextNumber } from "#tests/sending.ts";
import type { Patience } from "#workers/gateway/database-guard.ts";

async function openStoppable(patience: Partial<Patience> = {}) {
  const postgres = await killablePostgres();
  await migrate(postgres.url);
  const db = connect({ url: postgres.url, poolSize: 6, name: "gateway" });
  onTestFinished(() => db.close());
  const tree = await makeSendingTree(db);
  const key = await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]);
  const { address, close } = await openGateway(db, { patience });
  onTestFinished(close);
  return { postgres, db, tree, send: () => sendOne(address, key) };
}

type Reply = { status: number; headers: Headers; id?: string; code?: string };

let turn = 0;

/** One message, at each door in turn. */
async function sendOne(address: string, key: string): Promise<Reply> {
  turn += 1;
  const to = `+${nextNumber()}`;
  const [path = "", type = "", body = ""] =
    [
      ["/api/v1/messages", "application/json", JSON.stringify({ sender: "ACME", to, text: "Xin chào" })],
      [
        "/api/send",
        "application/x-www-form-urlencoded",
        `${new URLSearchParams({ sender: "ACME", to, text: "Xin chào" })}`,
      ],
      [
        "/api/xml",
        "application/xml",
        `<send><message><sender>ACME</sender><to>${to}</to><text>Xin chào</text></message></send>`,
      ],
    ][turn % 3] ?? [];
  const headers = { authorization: `Bearer ${key}`, "content-type": type };
  const response = await fetch(address + path, { method: "POST", headers, body });
  const text = await response.text();
  const [, code] = /"code":"(\w+)"|^error (\w+) |<error [^>]*code="(\w+)"/m.exec(text)?.filter(Boolean) ?? [];
  const isQueued = response.status === 202 && /"status":"queued"|^queued |status="queued"/m.test(text);
  const id = isQueued ? /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0] : undefined;
  return { status: response.status, headers: response.headers, code, id };
}

function expectComeBack({ status, headers, code }: Reply): void {
  expect({ status, code }).toEqual({ status: 503, code: "unavailable" });
  expect(headers.get("content-type")).toMatch(
    /^(?:application\/problem\+json|(?:text\/plain|application\/xml); charset=utf-8)$/,
  );
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
}

it("answers 503 while Postgres is dead, sends again after, and loses nothing that it acknowledged", async () => {
  const { postgres, db, tree, send } = await openStoppable();
  const acknowledged = new Set<string>();
  const refused: Reply[] = [];
  let longestMs = 0;
  let isOver = false;
  // A reset or a cut connection rejects, and so fails the test.
  const clients = Array.from({ length: 12 }, async () => {
    while (!isOver) {
      const fromMs = performance.now();
      const reply = await send();
      longestMs = Math.max(longestMs, performance.now() - fromMs);
      if (reply.id) acknowledged.add(reply.id);
      else refused.push(reply);
    }
  });
  const done = Promise.all(clients);
  for (let kill = 1; kill <= 2; kill += 1) {
    const before = acknowledged.size;
    await eventually(() => expect(acknowledged.size).toBeGreaterThan(before + 100), 5);
    await postgres.kill();
    const refusedBefore = refused.length;
    await eventually(() => expect(refused.length).toBeGreaterThan(refusedBefore + 24));
    await postgres.start();
  }
  const before = acknowledged.size;
  await eventually(() => expect(acknowledged.size).toBeGreaterThan(before + 100));
  isOver = true;
  await done;

  for (const reply of refused) expectComeBack(reply);
  // By default a call is authenticated for ten seconds at most, and handled for thirty.
  expect(longestMs).toBeLessThan(80_000);
  const rows = await db.sql<{ id: string }[]>`select id from messages where id = any(${[...acknowledged]}::uuid[])`;
  expect(rows).toHaveLength(acknowledged.size);
  await expectCleanLedger(db, tree);
});

it("answers 503 while Postgres hangs, and sends again after", async () => {
  const { postgres, send } = await openStoppable({ authenticateMs: 500, handleMs: 500 });
  await eventually(async () => expect((await send()).status).toBe(202));
  postgres.hang();
  try {
    for (const reply of await Promise.all(Array.from({ length: 8 }, send))) expectComeBack(reply);
  } finally {
    postgres.goOn();
  }
  await eventually(async () => expect((await send()).status).toBe(202));
});
