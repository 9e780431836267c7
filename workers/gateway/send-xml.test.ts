/** /api/xml over real HTTP on real Postgres: documents, answers that parse again, refusals, repeats, 10,000 at once. */
import { SaxesParser } from "saxes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { openGateway } from "#tests/gateway.ts";
import { makeSendingTree, nextNumber, type SendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const { address, close } = await openGateway(db);
afterAll(close);

let tree: SendingTree;
let key: string;
beforeAll(async () => {
  tree = await makeSendingTree(db);
  key = await makeKey(db, tree.subaccount.id, ["messages.send"]);
});

type Element = { name: string; attributes: Record<string, string>; text: string; children: Element[] };
type Reply = { status: number; headers: Headers; root: Element };

/** What a client's strict parser makes of it. */
function read(text: string): Element {
  const top: Element = { name: "", attributes: {}, text: "", children: [] };
  const open = [top];
  const parser = new SaxesParser({ xmlns: false });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: Element = { name, attributes, text: "", children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (piece) => {
    const last = open.at(-1);
    if (last) last.text += piece;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(text).close();
  return top.children[0] ?? top;
}

async function post(body: BodyInit, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(`${address}/api/xml`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/xml", ...headers },
    body,
  });
  expect(response.headers.get("content-type")).toBe("application/xml; charset=utf-8");
  return { status: response.status, headers: response.headers, root: read(await response.text()) };
}

const element = (name: string, text: string) => `<${name}>${text}</${name}>`;
const message = (over: Record<string, string> = {}) =>
  element(
    "message",
    Object.entries({ sender: "ACME", to: `+${nextNumber()}`, text: "Xin chào", ...over })
      .map(([name, text]) => element(name, text))
      .join(""),
  );
const send = (messages: string, attributes = "") =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<send${attributes}>${messages}</send>`;
const countMessages = async () => Number((await db.sql`select count(*)::int as n from messages`)[0]?.n);
const stored = async (id = "") =>
  (await db.sql`select text, reference, traffic_class, source from messages where id = ${id}`)[0];

describe("sending", () => {
  it("takes one message, and its text to the letter", async () => {
    const to = nextNumber();
    const text = " Tom &amp; <![CDATA[<Jerry> & co]]> &#x1F44B;\n 2 ";
    const { status, root } = await post(
      send(message({ to, text, class: " otp ", reference: "r-1", validity: "5", receipt: "false" })),
    );
    expect([status, root.name, root.children.length]).toEqual([202, "messages", 1]);
    const [sent] = root.children;
    expect(sent?.attributes).toEqual({ id: expect.any(String), to, status: "queued", parts: "1" });
    expect(await stored(sent?.attributes.id)).toMatchObject({
      text: " Tom & <Jerry> & co 👋\n 2 ",
      reference: "r-1",
      traffic_class: "otp",
      source: "http",
    });
  });

  it("takes many, and one text to many, in their order; refuses what is wrong and sends its neighbours", async () => {
    const [a, b] = [nextNumber(), nextNumber()];
    const many = `<message><sender>ACME</sender><to>${a}</to><to>${b}</to><text>Hello</text></message>`;
    const { status, root } = await post(
      send(
        `${many}<!-- of today -->${message({ sender: "NO&lt;BODY" })}${message({ to: "1&quot;2" })}`,
        ' xmlns="urn:shop" xmlns:x="urn:x"',
      ),
      { "content-type": "text/xml; charset=utf-8" },
    );
    expect(status).toBe(202);
    expect(root.children.map(({ attributes }) => attributes.status)).toEqual([
      "queued",
      "queued",
      "refused",
      "refused",
    ]);
    expect(root.children.slice(0, 2).map(({ attributes }) => attributes.to)).toEqual([a, b]);
    expect(root.children.slice(2).map(({ children: [error] }) => error?.attributes.code)).toEqual([
      "sender_not_approved",
      "invalid_number",
    ]);
    expect(root.children[3]?.attributes.to).toBe('1"2');
  });

  it("prices a dry run and writes nothing", async () => {
    const before = await countMessages();
    const { status, root } = await post(send(message(), ' dry-run="true"'));
    expect([status, root.children[0]?.attributes]).toEqual([
      202,
      expect.objectContaining({ parts: "1", encoding: "gsm7", currency: "VND", operator: expect.any(String) }),
    ]);
    expect(Number(root.children[0]?.attributes.cost)).toBeGreaterThan(0);
    expect(await countMessages()).toBe(before);
  });

  it("answers a repeat as the first time and sends once", async () => {
    const name = newId();
    const one = message();
    const before = await countMessages();
    const first = await post(send(one, ` idempotency-key="${name}"`));
    expect((await post(send(`\n  ${one}\n`), { "idempotency-key": name })).root).toMatchObject({
      children: [{ attributes: first.root.children[0]?.attributes }],
    });
    expect(await countMessages()).toBe(before + 1);
    const other = await post(send(message(), ` idempotency-key="${name}"`));
    expect([other.status, other.root.attributes.code]).toEqual([409, "idempotency_mismatch"]);
  });

  it("takes 10,000 messages in a document, and not one more", async () => {
    const to = Array.from({ length: 10_000 }, (_, n) =>
      message({ to: `8490${(n + 1_000_000).toString()}`, class: "bulk" }),
    );
    const { status, root } = await post(send(to.join("\n")));
    expect([status, root.children.length]).toEqual([202, 10_000]);
    expect(new Set(root.children.map(({ attributes }) => attributes.status))).toEqual(new Set(["queued"]));
    const tooMany = await post(send([...to, message()].join("")));
    expect([tooMany.status, tooMany.root.attributes.code]).toEqual([400, "invalid_input"]);
  });
});

describe("refusals", () => {
  const laughs = `<!DOCTYPE send [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, n) => `<!ENTITY ${"bcdefghij"[n]} "${`&${"abcdefghi"[n]};`.repeat(10)}">`).join("")}]>`;
  const cases: [string, BodyInit, number, string, Record<string, string>?][] = [
    ["no XML", "{}", 400, "malformed_xml"],
    ["an empty body", "", 400, "malformed_xml"],
    ["a cut document", send(message()).slice(0, -5), 400, "malformed_xml"],
    ["two roots", `${send(message())}<send/>`, 400, "malformed_xml"],
    ["a billion laughs", `${laughs}<send>&j;</send>`, 400, "doctype_refused"],
    [
      "an external entity",
      `<?xml version="1.0"?>\n<!-- - --><!DOCTYPE x SYSTEM "file:///etc/passwd"><send/>`,
      400,
      "doctype_refused",
    ],
    ["a doctype in small letters", `<!doctype send><send/>`, 400, "doctype_refused"],
    ["an entity of nobody", send(message({ text: "&nbsp;" })), 400, "malformed_xml"],
    ["a reference to NUL", send(message({ text: "&#0;" })), 400, "malformed_xml"],
    ["a reference to half a pair", send(message({ text: "&#xD83D;" })), 400, "malformed_xml"],
    ["NUL", send(message({ text: "\0" })), 400, "malformed_xml"],
    ["bytes that are no UTF-8", Buffer.concat([Buffer.from(`<send>`), Buffer.from([0xff])]), 400, "malformed_xml"],
    ["UTF-16", Buffer.from(send(message()), "utf16le"), 400, "malformed_xml"],
    ["another encoding", send(message()).replace("UTF-8", "windows-1251"), 400, "malformed_xml"],
    [
      "another charset",
      send(message()),
      415,
      "unsupported_media_type",
      { "content-type": "text/xml; charset=windows-1251" },
    ],
    ["JSON", "{}", 415, "unsupported_media_type", { "content-type": "application/json" }],
    ["a compressed body", send(message()), 415, "unsupported_media_type", { "content-encoding": "gzip" }],
    ["another root", "<sms/>", 400, "invalid_input"],
    ["an unknown element", send(message({ colour: "red" })), 400, "invalid_input"],
    ["an element in an element", send(message({ text: "<b>Hi</b>" })), 400, "invalid_input"],
    ["an unknown attribute", send(message(), ' colour="red"'), 400, "invalid_input"],
    ["an attribute of a message", send('<message id="1"/>'), 400, "invalid_input"],
    ["a field twice", send(message().replace("<text>", "<text>a</text><text>")), 400, "invalid_input"],
    ["no recipient", send(message().replace(/<to>.*<\/to>/, "")), 400, "invalid_input"],
    ["no text", send(message().replace(/<text>.*<\/text>/, "")), 400, "invalid_input"],
    ["text beside the fields", send(`${message()}hello`), 400, "invalid_input"],
    ["no messages", send(""), 400, "invalid_input"],
    ["a validity in words", send(message({ validity: "soon" })), 400, "invalid_input"],
    ["a class that is not known", send(message({ class: "flash" })), 400, "invalid_input"],
    [
      "many attributes",
      send(message(), Array.from({ length: 50 }, (_, n) => ` a${n}="1"`).join("")),
      400,
      "malformed_xml",
    ],
    ["an attribute of megabytes", send(message(), ` dry-run="${"x".repeat(3_000_000)}"`), 400, "malformed_xml"],
    ["elements without end", `<send>${"<message>".repeat(500_000)}`, 400, "invalid_input"],
    ["a body over the limit", send(message({ text: "x".repeat(17_000_000) })), 413, "body_too_large"],
    ["no key", send(message()), 401, "missing_key", { authorization: "" }],
    ["an unknown key", send(message()), 401, "invalid_key", { authorization: "Bearer unknown" }],
  ];
  it.each(cases)("answers %s with an error document", async (_, body, status, code, headers) => {
    const before = await countMessages();
    const { root, headers: answered, ...reply } = await post(body, headers);
    expect([reply.status, root.name, root.attributes.code, root.attributes.status]).toEqual([
      status,
      "error",
      code,
      String(status),
    ]);
    expect(root.text.length).toBeGreaterThan(10);
    expect(answered.get("request-id")).toBe(root.attributes["request-id"]);
    expect(await countMessages()).toBe(before);
  });

  it("names the message and the field", async () => {
    const { root } = await post(send(`${message()}${message({ validity: "0" })}`));
    expect(root.attributes.field).toBe("messages.1.validity");
    expect((await post(send(`${message()}${message({ colour: "red" })}`))).root.attributes.field).toBe("messages.1");
  });

  it("takes the key as a Basic password, and only POST", async () => {
    const authorization = `Basic ${Buffer.from(`shop:${key}`).toString("base64")}`;
    expect((await post(send(message()), { authorization })).status).toBe(202);
    const got = await fetch(`${address}/api/xml`);
    expect([got.status, got.headers.get("allow"), read(await got.text()).attributes.code]).toEqual([
      405,
      "POST",
      "method_not_allowed",
    ]);
  });

  it("says 503 and when to come back while the database is away", async () => {
    const lonely = await openGateway(null);
    const headers = { authorization: "Bearer k", "content-type": "text/xml" };
    const response = await fetch(`${lonely.address}/api/xml`, {
      method: "POST",
      headers,
      body: send(message()),
    });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(read(await response.text()).attributes.code).toBe("unavailable");
    await lonely.close();
  });
});
