/** Connectors that speak HTTP: who sees and changes them, what stays secret, what is checked before it is kept. */
import { describe, expect, it, onTestFinished } from "vitest";
import { env } from "#env.ts";
import { tryConnector } from "#server/domain/delivery/try-connector.ts";
import { setConnectorError } from "#server/domain/routing/connector-errors.ts";
import { createHttpConnector } from "#server/domain/routing/create-http-connector.ts";
import { deleteConnector } from "#server/domain/routing/delete-connector.ts";
import { getHttpConnector } from "#server/domain/routing/get-http-connector.ts";
import { listConnectors } from "#server/domain/routing/list-connectors.ts";
import { receiptAddress, renewReceiptAddress } from "#server/domain/routing/receipt-address.ts";
import { updateConnector } from "#server/domain/routing/update-connector.ts";
import { updateHttpConnector } from "#server/domain/routing/update-http-connector.ts";
import { mostTrials } from "#server/kernel/bound-trials.ts";
import { open } from "#server/kernel/crypto.ts";
import type { DomainError } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { described, Partner } from "#tests/carriers/partner.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { makeConnector } from "#tests/sending.ts";

const db = await testDatabase();
const url = "https://partner.example";
const input = (change: object = {}) => ({
  id: newId(),
  name: "Partner",
  description: described(url),
  secret: "s3cret-key",
  ...change,
});

describe("an HTTP connector", () => {
  it("is made once, shown to its owner and above, and its secret to nobody", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const wanted = input();
    const made = await createHttpConnector(ctx, wanted);
    expect(await createHttpConnector(ctx, wanted)).toEqual(made);
    expect(made).toMatchObject({
      kind: "http",
      host: "partner.example",
      port: 443,
      tls: true,
      concatenation: "payload",
    });
    const [row] = await db.sql`select password_sealed from connectors where id = ${made.id}`;
    expect(open(row?.password_sealed, made.id)).toBe("s3cret-key");
    const shown = [
      await getHttpConnector(ctx, { id: made.id }),
      await listConnectors(contextFor(db, tree.aggregator.id)),
    ];
    expect(JSON.stringify(shown)).toContain(made.id);
    expect(JSON.stringify(shown)).not.toMatch(/s3cret|sealed|receiptHash/i);
    const { path } = await receiptAddress(ctx, { id: made.id });
    expect(path).toMatch(/^\/api\/v1\/receipts\/[\w-]{43}$/);
    const stored = JSON.stringify(await db.sql`select * from http_connectors where connector_id = ${made.id}`);
    expect(stored).not.toContain(path.split("/").at(-1));
    expect((await renewReceiptAddress(ctx, { id: made.id })).path).not.toBe(path);
    expect((await receiptAddress(ctx, { id: made.id })).path).not.toBe(path);
  });

  it("exists for nobody outside, and needs the permission", async () => {
    const tree = await makeTree(db);
    const { id } = await createHttpConnector(contextFor(db, tree.company.id), input());
    const trial = { id, to: "84912345678", from: "ACME", text: "Hi" };
    for (const outsider of [tree.partner, tree.sibling, tree.stranger]) {
      const ctx = contextFor(db, outsider.id);
      const refusal = { code: "connector_not_found" };
      await expect(getHttpConnector(ctx, { id })).rejects.toMatchObject(refusal);
      await expect(updateHttpConnector(ctx, { id, name: "Mine" })).rejects.toMatchObject(refusal);
      await expect(receiptAddress(ctx, { id })).rejects.toMatchObject(refusal);
      await expect(renewReceiptAddress(ctx, { id })).rejects.toMatchObject(refusal);
      await expect(tryConnector(ctx, trial)).rejects.toMatchObject(refusal);
      await expect(createHttpConnector(ctx, input({ id }))).rejects.toMatchObject({ code: "connector_id_taken" });
    }
    const refusal = { code: "forbidden" };
    for (const role of ["viewer", "sender", "finance", "support"] as const) {
      const ctx = contextFor(db, tree.company.id, role);
      await expect(createHttpConnector(ctx, input())).rejects.toMatchObject(refusal);
      await expect(updateHttpConnector(ctx, { id, name: "Mine" })).rejects.toMatchObject(refusal);
      await expect(receiptAddress(ctx, { id })).rejects.toMatchObject(refusal);
      await expect(renewReceiptAddress(ctx, { id })).rejects.toMatchObject(refusal);
      await expect(tryConnector(ctx, trial)).rejects.toMatchObject(refusal);
    }
    await expect(getHttpConnector(contextFor(db, tree.company.id, "viewer"), { id })).rejects.toMatchObject(refusal);
    await getHttpConnector(contextFor(db, tree.company.id, "support"), { id });
  });

  it("sends its secret to no address that it was not given for", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    await expect(createHttpConnector(ctx, input({ secret: "" }))).rejects.toMatchObject({ code: "secret_needed" });
    const { id } = await createHttpConnector(ctx, input());
    const elsewhere = described("https://evil.example");
    const asking = described(url, {
      receipts: {
        kind: "poll",
        method: "GET",
        url: "https://evil.example/s/{carrier_id}",
        status: { from: "json", path: "/s" },
      },
    });
    for (const description of [elsewhere, asking]) {
      await expect(updateHttpConnector(ctx, { id, description })).rejects.toMatchObject({ code: "secret_needed" });
    }
    await updateHttpConnector(ctx, { id, description: { ...described(url), url: `${url}/v2/send` } });
    const moved = await updateHttpConnector(ctx, { id, description: elsewhere, secret: "another" });
    expect(moved.host).toBe("evil.example");
    const [row] = await db.sql`select password_sealed from connectors where id = ${id}`;
    expect(open(row?.password_sealed, id)).toBe("another");
  });

  it("keeps to its own settings, and codes as its partner writes them", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const { id } = await createHttpConnector(ctx, input());
    await expect(updateConnector(ctx, { id, password: "x" })).rejects.toMatchObject({ code: "connector_speaks_http" });
    expect(await updateConnector(ctx, { id, status: "disabled" })).toMatchObject({ status: "disabled" });
    const smpp = await makeConnector(db, tree.company.id);
    await expect(getHttpConnector(ctx, { id: smpp.id })).rejects.toMatchObject({ code: "connector_not_found" });
    const line = { kind: "submit", code: "no credit", verdict: "failover" } as const;
    expect(await setConnectorError(ctx, { connectorId: id, ...line })).toMatchObject({ code: "NO CREDIT" });
    const refusal = { code: "not_an_error_code", detail: { field: "code" } };
    await expect(setConnectorError(ctx, { connectorId: smpp.id, ...line })).rejects.toMatchObject(refusal);
    await deleteConnector(ctx, { id });
    expect(await db.sql`select * from http_connectors where connector_id = ${id}`).toHaveLength(0);
  });

  it.each([
    ["http://169.254.169.254/latest", "host_not_allowed"],
    ["http://[::ffff:7f00:1]/send", "host_not_allowed"],
    ["http://2130706433/send", "host_not_allowed"],
    ["http://localhost:5432/send", "host_not_allowed"],
  ])("is not saved for %s", async (url, code) => {
    const allowed = env.OUTBOUND_PRIVATE;
    onTestFinished(() => {
      env.OUTBOUND_PRIVATE = allowed;
    });
    env.OUTBOUND_PRIVATE = [];
    const ctx = contextFor(db, (await makeTree(db)).aggregator.id);
    const refusal = (field: string) => ({ code, detail: { field } });
    const status = { from: "json", path: "/s" } as const;
    await expect(createHttpConnector(ctx, input({ description: { ...described(""), url } }))).rejects.toMatchObject(
      refusal("description.url"),
    );
    const poll = described("https://203.0.112.7", { receipts: { kind: "poll", method: "GET", url, status } });
    await expect(createHttpConnector(ctx, input({ description: poll }))).rejects.toMatchObject(
      refusal("description.receipts.url"),
    );
    const auth = { kind: "oauth", user: "me", tokenUrl: url } as const;
    const oauth = described("https://203.0.112.7", { auth });
    await expect(createHttpConnector(ctx, input({ description: oauth }))).rejects.toMatchObject(
      refusal("description.auth.tokenUrl"),
    );
  });

  it("is not saved with a pattern or an XML body that nobody can read", async () => {
    const ctx = contextFor(db, (await makeTree(db)).company.id);
    const pattern = described(url, { answer: { id: { from: "pattern", path: "id=(" } } });
    await expect(createHttpConnector(ctx, input({ description: pattern }))).rejects.toMatchObject({
      code: "pattern_not_valid",
      detail: { field: "description.answer.id.path" },
    });
    const xml = described(url, { bodyKind: "xml", body: "<m><{text}/></m>" });
    await expect(createHttpConnector(ctx, input({ description: xml }))).rejects.toMatchObject({ code: "body_not_xml" });
  });
});

describe("a trial", () => {
  const trial = { to: "+84 912 345 678", from: "ACME", text: "Thử 1" };

  it("shows the request and the answer without secrets, and what a message would have become", async () => {
    const partner = await Partner.start(({ headers, json, answer }) =>
      answer(200, { status: "0", id: "P1", echo: headers.authorization, text: json.text }),
    );
    const ctx = contextFor(db, (await makeTree(db)).company.id);
    const { id } = await createHttpConnector(ctx, input({ description: described(partner.url) }));
    const shown = await tryConnector(ctx, { id, ...trial });
    expect(shown).toMatchObject({
      failure: null,
      outcome: { kind: "accepted", carrierId: "P1" },
      answer: { status: 200 },
    });
    expect(JSON.parse(shown.request.body ?? "")).toMatchObject({ to: "84912345678", text: "Thử 1", class: "otp" });
    expect(shown.answer?.body).toContain("Thử 1");
    expect(JSON.stringify(shown)).not.toContain("s3cret-key");
    expect(partner.sends[0]?.headers.authorization).toBe("Bearer s3cret-key");
    const [audit] =
      await db.sql`select detail from audit_log where action = 'routing.try_connector' and subject_id = ${id}`;
    expect(audit?.detail).toMatchObject({ to: "84912345678" });
  });

  it("gets an OAuth token first, and says what failed", async () => {
    const partner = await Partner.start(({ path, body, headers, answer }) => {
      if (!path.startsWith("/token")) return answer(200, { status: "0", id: headers.authorization });
      const isRight =
        headers.authorization === `Basic ${btoa("acme:s3cret-key")}` && body.includes("grant_type=client_credentials");
      answer(isRight ? 200 : 401, { access_token: "t0ken-of-the-hour", expires_in: 3600 });
    });
    const ctx = contextFor(db, (await makeTree(db)).company.id);
    const auth = { kind: "oauth", user: "acme", tokenUrl: `${partner.url}/token` } as const;
    const { id } = await createHttpConnector(ctx, input({ description: described(partner.url, { auth }) }));
    const shown = await tryConnector(ctx, { id, ...trial });
    expect(shown.outcome).toMatchObject({ kind: "accepted", carrierId: "Bearer t0ken-of-the-hour" });
    expect(JSON.stringify(shown.request)).not.toContain("t0ken");
    await updateHttpConnector(ctx, { id, secret: "wrong" });
    const refused = await tryConnector(ctx, { id, ...trial });
    expect(refused).toMatchObject({ answer: null, outcome: null, failure: "The token address answers 401." });
  });

  it("follows no redirect, and reaches no private place by a name that changes its mind", async () => {
    const inside = await Partner.start();
    const partner = await Partner.start(({ response }) => {
      response.writeHead(302, { location: `${inside.url}/secret` });
      response.end();
    });
    const ctx = contextFor(db, (await makeTree(db)).company.id);
    const { id } = await createHttpConnector(ctx, input({ description: described(partner.url) }));
    expect(await tryConnector(ctx, { id, ...trial })).toMatchObject({ outcome: { kind: "closed", why: "HTTP_302" } });
    expect(inside.asked).toEqual([]);
    const named = described(`http://rebinding.example:${new URL(inside.url).port}`);
    const { id: other } = await createHttpConnector(ctx, input({ description: named }));
    const guard = { resolve: async () => [{ address: "127.0.0.1", family: 4 }], allowed: [] };
    const shown = await tryConnector(ctx, { id: other, ...trial }, guard);
    expect(shown).toMatchObject({ answer: null, failure: expect.stringContaining("private network") });
    expect(inside.asked).toEqual([]);
  });

  it("is one of few: for all connectors of an owner together, however many ask at once, until the oldest are past", async () => {
    const partner = await Partner.start();
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const ids: string[] = [];
    for (const _ of [1, 2])
      ids.push((await createHttpConnector(ctx, input({ description: described(partner.url) }))).id);
    const [id = "", other = ""] = ids;
    const { id: theirs } = await createHttpConnector(
      contextFor(db, tree.partner.id),
      input({ description: described(partner.url) }),
    );
    const asked = await Promise.allSettled(
      Array.from({ length: mostTrials + 4 }, (_, n) => tryConnector(ctx, { id: ids[n % 2] ?? "", ...trial })),
    );
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(mostTrials);
    expect(partner.asked).toHaveLength(mostTrials);
    const refusal = { kind: "rate_limited", code: "too_many_trials" };
    for (const caller of [ctx, contextFor(db, tree.aggregator.id)]) {
      const refused = await tryConnector(caller, { id: other, ...trial }).catch((error: DomainError) => error);
      expect(refused).toMatchObject(refusal);
      const { retryAfterSeconds } = (refused as DomainError).detail;
      expect(retryAfterSeconds).toBeGreaterThan(0);
      expect(retryAfterSeconds).toBeLessThanOrEqual(600);
    }
    await tryConnector(contextFor(db, tree.partner.id), { id: theirs, ...trial });
    const afterwards = { ...ctx, clock: { now: () => new Date(Date.now() + 601_000) } };
    expect(await tryConnector(afterwards, { id, ...trial })).toMatchObject({ failure: null });
  });

  it("takes numbers only", async () => {
    const ctx = contextFor(db, (await makeTree(db)).company.id);
    const { id } = await createHttpConnector(ctx, input());
    await expect(tryConnector(ctx, { id, ...trial, to: "nobody" })).rejects.toMatchObject({ code: "not_a_number" });
  });
});
