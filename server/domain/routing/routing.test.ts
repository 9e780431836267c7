/** Operators, connectors and routes: who sees and changes them, what is kept secret, which connector is chosen. */
import { describe, expect, it } from "vitest";
import { env } from "#env.ts";
import { routeTable } from "#server/domain/routing/choose-route.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { deleteConnector } from "#server/domain/routing/delete-connector.ts";
import { deleteRoute } from "#server/domain/routing/delete-route.ts";
import { getConnector, listConnectors } from "#server/domain/routing/list-connectors.ts";
import { listOperators } from "#server/domain/routing/list-operators.ts";
import { listRoutes } from "#server/domain/routing/list-routes.ts";
import { loadOperators } from "#server/domain/routing/load-operators.ts";
import { operatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { updateConnector } from "#server/domain/routing/update-connector.ts";
import { updateRoute } from "#server/domain/routing/update-route.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { asSystem, jobContext } from "#server/kernel/context.ts";
import { open } from "#server/kernel/crypto.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { loadTestOperators, makeConnector, operatorData } from "#tests/sending.ts";

const db = await testDatabase();
const job = jobContext({ db, clock: systemClock }, "test", nilId, newId());

describe("operators", () => {
  it("loads the installation's data, again without a change, and looks numbers up by the longest prefix", async () => {
    const first = await loadOperators(job, operatorData);
    expect(await loadOperators(job, operatorData)).toEqual(first);
    const [count] = await db.sql`select count(*)::int as n from operator_prefixes`;
    expect(count?.n).toBe(first.prefixes);
    const directory = await operatorDirectory(job);
    const names = [
      "84961234567",
      "84912345678",
      "84901234567",
      "84921234567",
      "84991234567",
      "79161234567",
      "4915112345678",
    ];
    expect(names.map((msisdn) => directory.lookup(msisdn)?.id)).toEqual([
      "vn-viettel",
      "vn-vinaphone",
      "vn-mobifone",
      "vn-vietnamobile",
      "vn-gmobile",
      "ru-mts",
      "de-telekom",
    ]);
    expect(directory.lookup("12015550123")).toBeNull();
    expect((await listOperators(contextFor(db, newId(), "viewer"))).length).toBe(first.operators);
  });

  it("refuses a prefix given twice, and anybody but a job", async () => {
    const one = { id: "xx-one", country: "VN", name: "One", mcc: "452", mnc: "01", prefixes: ["8490"] };
    await expect(loadOperators(job, [one, { ...one, id: "xx-two" }])).rejects.toMatchObject({ code: "prefix_taken" });
    await expect(loadOperators(contextFor(db, newId()), [])).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("connectors", () => {
  it("keeps the password sealed: in no answer, no audit row, no column in clear", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const made = await makeConnector(db, tree.company.id);
    await updateConnector(ctx, { id: made.id, password: "n3wpass", windowSize: 10 });
    const kept = await updateConnector(ctx, { id: made.id, password: "", name: "Renamed" });
    const seen = JSON.stringify([made, kept, await listConnectors(ctx), await getConnector(ctx, { id: made.id })]);
    expect(seen).not.toMatch(/s3cret|n3wpass|passwordSealed|v1\./);
    const [row] = await db.sql`select c.*, c::text as everything from connectors c where id = ${made.id}`;
    expect(row?.everything).not.toMatch(/s3cret|n3wpass/);
    expect(open(String(row?.password_sealed), made.id)).toBe("n3wpass");
    expect(row).toMatchObject({ window_size: 10, name: "Renamed" });
    const audits = await db.sql`select detail::text as detail from audit_log where subject_id = ${made.id}`;
    expect(audits).toHaveLength(3);
    for (const audit of audits) expect(audit.detail).not.toMatch(/s3cret|n3wpass/);
  });

  it("makes one row however often it is asked, and shows it to its owner and above only", async () => {
    const tree = await makeTree(db);
    const input = { id: newId(), name: "Carrier", host: "smsc.example", port: 2775, systemId: "a", password: "p" };
    const ctx = contextFor(db, tree.company.id);
    const first = await createConnector(ctx, input);
    expect(await createConnector(ctx, input)).toEqual(first);
    await expect(createConnector(contextFor(db, tree.sibling.id), input)).rejects.toMatchObject({
      code: "connector_id_taken",
    });
    const visible = async (tenant: Tenant) => (await listConnectors(contextFor(db, tenant.id))).map((c) => c.id);
    expect(await visible(tree.company)).toEqual([first.id]);
    expect(await visible(tree.aggregator)).toEqual([first.id]);
    for (const outsider of [tree.partner, tree.subaccount, tree.stranger]) {
      expect(await visible(outsider)).toEqual([]);
      const other = contextFor(db, outsider.id);
      const refusal = { code: "connector_not_found" };
      await expect(getConnector(other, { id: first.id })).rejects.toMatchObject(refusal);
      await expect(updateConnector(other, { id: first.id, port: 1 })).rejects.toMatchObject(refusal);
      await expect(deleteConnector(other, { id: first.id })).rejects.toMatchObject(refusal);
      await expect(createRoute(other, { id: newId(), connectorId: first.id })).rejects.toMatchObject(refusal);
    }
  });

  it.each([
    [{ host: "smpp://carrier" }],
    [{ host: "a b" }],
    [{ port: 0 }],
    [{ password: "ninechars" }],
    [{ systemId: "sixteen-octets-x" }],
    [{ windowSize: 0 }],
    [{ bindCount: 65 }],
  ])("refuses %j", async (over) => {
    const tree = await makeTree(db);
    const input = {
      id: newId(),
      name: "Carrier",
      host: "smsc.example",
      port: 2775,
      systemId: "a",
      password: "p",
      ...over,
    };
    await expect(createConnector(contextFor(db, tree.company.id), input)).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  it.each(["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "2130706433", "0x7f.1"])(
    "is not saved at %s, whoever asks, the root included",
    async (host) => {
      const allowed = env.OUTBOUND_PRIVATE;
      const tree = await makeTree(db);
      const fields = { name: "Carrier", port: 2775, systemId: "a", password: "p" };
      const made = await createConnector(contextFor(db, tree.company.id), {
        id: newId(),
        host: "203.0.112.7",
        ...fields,
      });
      env.OUTBOUND_PRIVATE = ["127.0.0.1:2776"];
      try {
        const refusal = { kind: "invalid_input", code: "host_not_allowed", detail: { field: "host" } };
        for (const tenant of [tree.aggregator, tree.company, tree.partner]) {
          const ctx = contextFor(db, tenant.id);
          await expect(createConnector(ctx, { id: newId(), host, ...fields })).rejects.toMatchObject(refusal);
        }
        const ctx = contextFor(db, tree.company.id);
        await expect(updateConnector(ctx, { id: made.id, host })).rejects.toMatchObject(refusal);
        const own = { id: newId(), ...fields, host: "127.0.0.1", port: 2776 };
        const simulated = await createConnector(ctx, own);
        await expect(updateConnector(ctx, { id: simulated.id, port: 5432 })).rejects.toMatchObject(refusal);
        await updateConnector(ctx, { id: simulated.id, name: "Renamed" });
      } finally {
        env.OUTBOUND_PRIVATE = allowed;
      }
    },
  );

  it("needs the permission to change, and only an unused one is deleted", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const { id } = await makeConnector(db, tree.company.id);
    for (const role of ["viewer", "sender", "finance"] as const) {
      await expect(deleteConnector(contextFor(db, tree.company.id, role), { id })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    const route = await createRoute(ctx, { id: newId(), connectorId: id });
    await expect(deleteConnector(ctx, { id })).rejects.toMatchObject({ code: "connector_in_use" });
    await deleteRoute(ctx, { id: route.id });
    await deleteConnector(ctx, { id });
    await expect(deleteConnector(ctx, { id })).rejects.toMatchObject({ code: "connector_not_found" });
  });

  it("tells the state of the binds, and calls a silent one lost", async () => {
    const tree = await makeTree(db);
    const { id } = await makeConnector(db, tree.company.id);
    await updateConnector(contextFor(db, tree.company.id), { id, bindCount: 2 });
    await db.sql`insert into connector_binds (connector_id, bind_number, tenant_id, state, since, seen_at) values
      (${id}, 1, ${tree.company.id}, 'bound', now(), now()),
      (${id}, 2, ${tree.company.id}, 'bound', now(), now() - interval '5 minutes')`;
    const [connector] = await listConnectors(contextFor(db, tree.company.id, "support"));
    expect(connector?.binds.map((bind) => bind.state)).toEqual(["bound", "lost"]);
  });
});

describe("routes", () => {
  it("goes over own connectors and those above, hides what an ancestor routes, and checks the operator", async () => {
    await loadTestOperators(db);
    const tree = await makeTree(db);
    const top = contextFor(db, tree.aggregator.id);
    const connector = await makeConnector(db, tree.aggregator.id);
    const own = await makeConnector(db, tree.partner.id);
    const route = await createRoute(top, { id: newId(), tenantId: tree.partner.id, connectorId: connector.id });
    expect(await createRoute(top, { id: route.id, tenantId: tree.partner.id, connectorId: connector.id })).toEqual(
      route,
    );
    await expect(
      createRoute(top, { id: newId(), tenantId: tree.sibling.id, connectorId: own.id }),
    ).rejects.toMatchObject({ code: "connector_not_above" });
    await expect(
      createRoute(top, { id: newId(), connectorId: connector.id, country: "DE", operatorId: "vn-viettel" }),
    ).rejects.toMatchObject({ code: "unknown_operator" });
    for (const outsider of [tree.partner, tree.sibling, tree.stranger]) {
      const other = contextFor(db, outsider.id);
      expect(await listRoutes(other)).toEqual([]);
      await expect(updateRoute(other, { id: route.id, priority: 1 })).rejects.toMatchObject({
        code: "route_not_found",
      });
      await expect(deleteRoute(other, { id: route.id })).rejects.toMatchObject({ code: "route_not_found" });
    }
    expect(await listRoutes(top)).toMatchObject([{ id: route.id, tenantName: "Partner", connectorName: "Carrier" }]);
    await expect(
      updateRoute(contextFor(db, tree.aggregator.id, "support"), { id: route.id, weight: 2 }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  it("chooses the nearest tenant with a match, then priority, then weight, always the same for one message", async () => {
    await loadTestOperators(db);
    const tree = await makeTree(db);
    const top = contextFor(db, tree.aggregator.id);
    const connectors = await Promise.all(
      ["A", "B", "C", "D"].map((name) => makeConnector(db, tree.aggregator.id, `Carrier ${name}`)),
    );
    const [a, b, c, d] = connectors.map((connector) => connector.id) as [string, string, string, string];
    await createRoute(top, { id: newId(), connectorId: a, priority: 10, weight: 3 });
    await createRoute(top, { id: newId(), connectorId: b, priority: 10, weight: 1 });
    await createRoute(top, { id: newId(), connectorId: c, priority: 20 });
    const near = await createRoute(top, {
      id: newId(),
      tenantId: tree.partner.id,
      connectorId: d,
      country: "VN",
      operatorId: "vn-viettel",
      trafficClass: "otp",
    });
    const choose = (over = {}) =>
      asSystem(job, async (ctx) => {
        const table = await routeTable(ctx, tree.subaccount.ancestors);
        const demand = {
          messageId: newId(),
          ancestors: tree.subaccount.ancestors,
          country: "VN",
          operatorId: "vn-vinaphone",
          trafficClass: "otp" as const,
          ...over,
        };
        return table.choose(demand)?.connectorId;
      });
    expect(await choose({ operatorId: "vn-viettel" })).toBe(d);
    expect(await choose({ operatorId: "vn-viettel", trafficClass: "bulk" })).not.toBe(d);
    const messageId = newId();
    expect(await choose({ messageId })).toBe(await choose({ messageId }));
    const counts = new Map<string, number>();
    await asSystem(job, async (ctx) => {
      const table = await routeTable(ctx, tree.subaccount.ancestors);
      for (let n = 0; n < 4_000; n += 1) {
        const chosen = table.choose({
          messageId: newId(),
          ancestors: tree.subaccount.ancestors,
          country: "VN",
          operatorId: "vn-vinaphone",
          trafficClass: "otp",
        });
        counts.set(chosen?.connectorId ?? "", (counts.get(chosen?.connectorId ?? "") ?? 0) + 1);
      }
    });
    expect([...counts.keys()].sort()).toEqual([a, b].sort());
    expect(counts.get(a)).toBeGreaterThan(2_800);
    expect(counts.get(a)).toBeLessThan(3_200);
    await updateConnector(top, { id: a, status: "disabled" });
    await updateConnector(top, { id: b, status: "disabled" });
    expect(await choose()).toBe(c);
    await updateRoute(top, { id: near.id, status: "disabled" });
    expect(await choose({ operatorId: "vn-viettel" })).toBe(c);
    await updateConnector(top, { id: c, status: "disabled" });
    expect(await choose()).toBeUndefined();
  });
});
