/** Carriers' error tables: one notation for a code, the specification where the table says nothing, and whose they are. */
import { describe, expect, it } from "vitest";
import { loadConnectors } from "#server/domain/delivery/load-connectors.ts";
import {
  clearConnectorError,
  listConnectorErrors,
  setConnectorError,
} from "#server/domain/routing/connector-errors.ts";
import { normaliseErrorCode, statusName } from "#server/domain/routing/error-codes.ts";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import { testDatabase } from "#tests/database.ts";
import { workerContext } from "#tests/delivering.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { makeConnector } from "#tests/sending.ts";

const db = await testDatabase();

describe("a code", () => {
  it.each([
    ["submit", "0x58", "ESME_RTHROTTLED"],
    ["submit", "88", "ESME_RTHROTTLED"],
    ["submit", " esme_rthrottled ", "ESME_RTHROTTLED"],
    ["submit", "0x400", "0x00000400"],
    ["submit", "1024", "0x00000400"],
    ["submit", "0x00000400", "0x00000400"],
    ["submit", "0", null],
    ["submit", "ESME_ROK", null],
    ["submit", "99999999999", null],
    ["submit", "a b", null],
    ["receipt", "069", "69"],
    ["receipt", "0x1f", "X1F"],
    ["receipt", "abc-1", "ABC-1"],
    ["receipt", "000", null],
    ["receipt", "no such code", null],
  ] as const)("of a %s written %s is kept as %s", (kind, text, code) => {
    expect(normaliseErrorCode(kind, text)).toBe(code);
  });

  it("has the specification's name, or is a vendor's own", () => {
    expect([statusName(0x58), statusName(0x400)]).toEqual(["ESME_RTHROTTLED", "0x00000400"]);
  });

  it("means what the specification says until the carrier's table says otherwise", () => {
    const plain = new ErrorTable([]);
    const verdicts = (table: ErrorTable) =>
      [0x58, 0x14, 0x08, 0x64, 0x0b, 0x400].map((status) => table.ofSubmit(status).verdict);
    expect(verdicts(plain)).toEqual(["throttle", "throttle", "retry_later", "retry_later", "fail", "fail"]);
    const own = new ErrorTable([
      { kind: "submit", code: "0x00000400", verdict: "failover", reason: "network" },
      { kind: "submit", code: "ESME_RSYSERR", verdict: "retry_now", reason: null },
      { kind: "receipt", code: "69", verdict: "fail", reason: "memory_full" },
    ]);
    expect(verdicts(own)).toEqual(["throttle", "throttle", "retry_now", "retry_later", "fail", "failover"]);
    expect(own.ofSubmit(0x400)).toEqual({ code: "0x00000400", verdict: "failover", reason: "network" });
    expect([
      own.reasonOfReceipt("069", false),
      own.reasonOfReceipt("6", false),
      own.reasonOfReceipt("6", true),
    ]).toEqual(["memory_full", null, "unreachable"]);
  });
});

describe("a table", () => {
  it("is set line by line, again without harm, read by the worker, and cleared", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const { id: connectorId } = await makeConnector(db, tree.company.id);
    const line = { connectorId, kind: "submit", code: "0x58", verdict: "retry_later", reason: "busy" } as const;
    const kept = { kind: "submit", code: "ESME_RTHROTTLED", verdict: "retry_later", reason: "busy" };
    expect(await setConnectorError(ctx, line)).toEqual(kept);
    expect(await setConnectorError(ctx, line)).toEqual(kept);
    await setConnectorError(ctx, { connectorId, kind: "receipt", code: "069", verdict: "fail", reason: "barred" });
    const rules = await listConnectorErrors(contextFor(db, tree.company.id, "support"), { id: connectorId });
    expect(rules.map((rule) => rule.code)).toEqual(["69", "ESME_RTHROTTLED"]);
    const connector = (await loadConnectors(workerContext(db))).find((one) => one.id === connectorId);
    expect(connector?.errors).toHaveLength(2);
    const name = { connectorId, kind: "submit", code: "88" } as const;
    expect(await clearConnectorError(ctx, name)).toEqual({ code: "ESME_RTHROTTLED" });
    expect(await clearConnectorError(ctx, name)).toEqual({ code: "ESME_RTHROTTLED" });
    expect(await listConnectorErrors(ctx, { id: connectorId })).toHaveLength(1);
  });

  it("refuses a receipt's code that would be sent again, and what is no code", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const { id: connectorId } = await makeConnector(db, tree.company.id);
    const wrong = [
      { kind: "receipt", code: "069", verdict: "retry_later" },
      { kind: "submit", code: "no code", verdict: "fail" },
    ] as const;
    for (const line of wrong) {
      await expect(setConnectorError(ctx, { connectorId, ...line })).rejects.toMatchObject({ kind: "invalid_input" });
    }
  });

  it("is seen by nobody beside and below, and changed by nobody without the permission", async () => {
    const tree = await makeTree(db);
    const { id: connectorId } = await makeConnector(db, tree.company.id);
    const line = { connectorId, kind: "submit", code: "0x400", verdict: "fail" } as const;
    await setConnectorError(contextFor(db, tree.aggregator.id), line);
    for (const outsider of [tree.partner, tree.stranger]) {
      const other = contextFor(db, outsider.id);
      const missing = { code: "connector_not_found" };
      await expect(listConnectorErrors(other, { id: connectorId })).rejects.toMatchObject(missing);
      await expect(setConnectorError(other, line)).rejects.toMatchObject(missing);
      await expect(clearConnectorError(other, line)).rejects.toMatchObject({ kind: "invalid_input" });
      const { verdict: _, ...name } = line;
      await expect(clearConnectorError(other, name)).rejects.toMatchObject(missing);
    }
    for (const role of ["viewer", "support"] as const) {
      const ctx = contextFor(db, tree.company.id, role);
      await expect(setConnectorError(ctx, line)).rejects.toMatchObject({ code: "forbidden" });
    }
  });
});
