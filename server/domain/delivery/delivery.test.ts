/** The delivery room by itself: closed to people, and what it tells its workers. */
import { describe, expect, it } from "vitest";
import { claim } from "#server/domain/delivery/claim.ts";
import { expireQueued } from "#server/domain/delivery/expire-queued.ts";
import { expireSilent } from "#server/domain/delivery/expire-silent.ts";
import { releaseConnector } from "#server/domain/delivery/hold-connectors.ts";
import { loadConnectors } from "#server/domain/delivery/load-connectors.ts";
import { matchParked } from "#server/domain/delivery/match-parked.ts";
import { messageReference, partOfReference } from "#server/domain/delivery/message-reference.ts";
import { recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import { recoverLeases } from "#server/domain/delivery/recover-leases.ts";
import { releaseOrphans } from "#server/domain/delivery/release-orphans.ts";
import { reportBinds } from "#server/domain/delivery/report-binds.ts";
import { carrierIdVariants, normaliseCarrierId } from "#server/domain/messages/carrier-id.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { lease, WorkerByHand } from "#tests/worker-by-hand.ts";

const db = await testDatabase();
const worker = new WorkerByHand(db);
const { owner } = worker;

describe("the room", () => {
  it("is closed to people", async () => {
    const { tree, connectorId } = await worker.scene();
    const person = contextFor(db, tree.aggregator.id);
    const calls = [
      claim(person, { connectorId, owner, limit: 1 }),
      recordResponses(person, { connectorId, owner, results: [] }),
      recordReceipts(person, { connectorId, receipts: [] }),
      matchParked(person, { connectorId }),
      recoverLeases(person, { connectorId, owner }),
      releaseOrphans(person, { connectorId, owner, known: [], olderThanMs: 0 }),
      expireQueued(person),
      expireSilent(person, { connectorId, lookBackHours: 1 }),
      lease(person, { connectorId, owner, ttlMs: 1 }),
      releaseConnector(person, { connectorId, owner }),
      loadConnectors(person),
      reportBinds(person, { reports: [] }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("opens passwords for the worker, and reports binds for the console", async () => {
    const { ctx, connectorId } = await worker.scene();
    const connector = (await loadConnectors(ctx)).find((c) => c.id === connectorId);
    expect(connector?.password).toBe("s3cret!");
    expect(connector).not.toHaveProperty("passwordSealed");
    const bind = { state: "bound" as const, lastError: null, since: new Date() };
    await reportBinds(ctx, {
      reports: [{ connectorId, binds: [1, 2].map((bindNumber) => ({ ...bind, bindNumber })) }],
    });
    await reportBinds(ctx, {
      reports: [{ connectorId, binds: [{ ...bind, bindNumber: 1, state: "waiting", lastError: "refused" }] }],
    });
    const rows =
      await db.sql`select bind_number, state, last_error from connector_binds where connector_id = ${connectorId}`;
    expect(rows).toEqual([{ bind_number: 1, state: "waiting", last_error: "refused" }]);
  });

  it("knows an id in every notation, and a reference from its neighbour's", () => {
    expect([" 00AB ", "0x0f", "000", "A-1"].map(normaliseCarrierId)).toEqual(["ab", "f", "0", "a-1"]);
    expect(carrierIdVariants("0255")).toEqual(["255", "ff", "597"]);
    expect(carrierIdVariants("FF")).toEqual(["ff", "255"]);
    expect(carrierIdVariants("not-hex")).toEqual(["not-hex"]);
    const id = newId();
    expect([1, 2, 3].map((part) => partOfReference(id, 3, messageReference(id, part)))).toEqual([1, 2, 3]);
    expect(partOfReference(id, 1, messageReference(id, 2))).toBeNull();
  });
});
