/** Service URLs over real HTTP: at whose address a key is let in, at every door, by host and by path. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { openGateway } from "#tests/gateway.ts";
import { makeSendingTree, nextNumber, type SendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const { port, close } = await openGateway(db);
afterAll(close);

const hosts = { partner: `p${newId().slice(-12)}.localhost`, sibling: `s${newId().slice(-12)}.localhost` };
let tree: SendingTree;
let key: string;
beforeAll(async () => {
  tree = await makeSendingTree(db);
  key = await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]);
  for (const name of ["partner", "sibling"] as const) {
    await db.sql`insert into brand_hosts (host, tenant_id, verified_at) values (${hosts[name]}, ${tree[name].id}, now())`;
  }
});

type Reply = { status: number; text: string };

/** With a Host header of its own, which fetch does not let one set. */
async function ask(path: string, { host = "127.0.0.1", type = "", body = "" } = {}): Promise<Reply> {
  const headers = { host, authorization: `Bearer ${key}`, ...(type ? { "content-type": type } : {}) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method: body ? "POST" : "GET", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on("error", reject).end(body);
  });
}

/** Every door once, under a prefix and a host. */
async function doors(prefix: string, host?: string): Promise<Reply[]> {
  const to = nextNumber();
  const xml = `<send><message><sender>ACME</sender><to>${to}</to><text>Hi</text></message></send>`;
  const json = JSON.stringify({ sender: "ACME", to, text: "Hi" });
  return [
    await ask(`${prefix}/api/v1/messages`, { host, type: "application/json", body: json }),
    await ask(`${prefix}/api/v1/messages`, { host }),
    await ask(`${prefix}/api/send?sender=ACME&to=${to}&text=Hi`, { host }),
    await ask(`${prefix}/api/send`, {
      host,
      type: "application/x-www-form-urlencoded",
      body: `sender=ACME&to=${to}&text=Hi`,
    }),
    await ask(`${prefix}/api/xml`, { host, type: "application/xml", body: xml }),
  ];
}
const statuses = async (prefix: string, host?: string) => (await doors(prefix, host)).map(({ status }) => status);
const welcome = [202, 200, 202, 202, 202];

describe("at every door", () => {
  it("a key is let in at its tenant's address, at those above it, and at a host of nobody", async () => {
    expect(await statuses("")).toEqual(welcome);
    expect(await statuses("", "sms.example.test")).toEqual(welcome);
    expect(await statuses(`/t/${tree.subaccount.id}`)).toEqual(welcome);
    expect(await statuses(`/t/${tree.partner.id.toUpperCase()}`)).toEqual(welcome);
    expect(await statuses("", `${hosts.partner.toUpperCase()}:3000`)).toEqual(welcome);
    expect(await statuses(`/t/${tree.subaccount.id}`, hosts.partner)).toEqual(welcome);
  });

  it("and refused at another's, whether or not there is such a tenant", async () => {
    const elsewhere: [string, string?][] = [
      [`/t/${tree.sibling.id}`],
      [`/t/${newId()}`],
      ["", hosts.sibling],
      [`/t/${tree.subaccount.id}`, hosts.sibling],
      [`/t/${tree.sibling.id}`, hosts.partner],
    ];
    for (const [prefix, host] of elsewhere) {
      const replies = await doors(prefix, host);
      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
      for (const { text } of replies)
        expect(text).toMatch(/"code":"wrong_service_url"|^error wrong_service_url |code="wrong_service_url"/m);
    }
  });

  it("a key of those above is not a key of the tenant", async () => {
    const own = key;
    key = await makeKey(db, tree.company.id, ["messages.send", "messages.read"]);
    expect(await statuses("", hosts.partner)).toEqual([403, 403, 403, 403, 403]);
    key = own;
  });

  it("shows the document below the address, and nothing but the API", async () => {
    expect((await ask(`/t/${tree.subaccount.id}/api/v1/openapi.json`)).status).toBe(200);
    expect(JSON.parse((await ask(`/t/${tree.subaccount.id}/api/v1/nothing`)).text)).toMatchObject({
      code: "route_not_found",
    });
    // Passed to the web process, which is not there.
    expect((await ask(`/t/${tree.subaccount.id}/health`)).status).toBe(502);
    expect((await ask(`/t/${tree.subaccount.id}/api/trpc/x`)).status).toBe(502);
  });
});
