/** A carrier with error codes of its own, over real TCP: each verdict of its table does what it says. */
import { expect, it } from "vitest";
import { getMessage } from "#server/domain/messages/get.ts";
import { setConnectorError } from "#server/domain/routing/connector-errors.ts";
import { receiptFor, ScriptedCarrier, wellMannered } from "#tests/carriers/scripted.ts";
import { testDatabase } from "#tests/database.ts";
import {
  expectCleanLedger,
  makeDeliveringTree,
  plainNumber,
  sendFrom,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";

const db = await testDatabase(10);

/** Refuses with what stands at the end of the number, once or always; receipts name error 069. */
async function scene() {
  const tries = new Map<string, number>();
  const { carrier, port } = await ScriptedCarrier.start(
    wellMannered((pdu, wire) => {
      const to = pdu.destination_addr ?? "";
      tries.set(to, (tries.get(to) ?? 0) + 1);
      const status = Number.parseInt(to.slice(-4), 10);
      if (status >= 1_000 && tries.get(to) === 1) wire.send("submit_sm_resp", status, pdu.sequence_number);
      else {
        const id = `m${pdu.sequence_number}`;
        wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: id });
        const gsmUnreachable = { network_error_code: Buffer.from([3, 0, 27]) };
        const extra = to.endsWith("0027") ? gsmUnreachable : {};
        wire.send("deliver_sm", 0, 900 + pdu.sequence_number, receiptFor(pdu, id, "UNDELIV", extra, "069"));
      }
    }),
  );
  const tree = await makeDeliveringTree(db, port, { maxAttempts: 3 });
  const top = contextFor(db, tree.aggregator.id);
  const { id: connectorId } = tree.connector;
  const set = (code: string, verdict: "retry_now" | "retry_later" | "throttle" | "fail") =>
    setConnectorError(top, {
      connectorId,
      kind: "submit",
      code,
      verdict,
      reason: verdict === "fail" ? "blocked" : null,
    });
  return { carrier, tree, tries, set, top, connectorId };
}

it("tries again at once, later or slower, fails with its reason, and takes an edited table without a new bind", async () => {
  const { carrier, tree, tries, set, top, connectorId } = await scene();
  await set("1001", "retry_now");
  await set("1002", "retry_later");
  await set("1003", "throttle");
  await set("1004", "fail");
  await setConnectorError(top, { connectorId, kind: "receipt", code: "069", verdict: "fail", reason: "memory_full" });
  await startFleet(db);
  const endings = ["1001", "1002", "1003", "1004", "1005", "0027", "0055"];
  const items = endings.map((ending) => ({ to: plainNumber(ending) }));
  const ids = await sendFrom(db, tree, items);
  await eventually(async () => expect(await statusesOf(db, ids)).toEqual({ undelivered: 5, failed: 2 }));
  expect(items.map(({ to }) => tries.get(to))).toEqual([2, 2, 2, 1, 1, 1, 1]);
  const reasons = await Promise.all(
    ids.map(async (id) => {
      const { timeline } = await getMessage(contextFor(db, tree.subaccount.id), { id });
      return timeline.at(-1)?.detail.reason ?? null;
    }),
  );
  expect(reasons).toEqual(["memory_full", "memory_full", "memory_full", "blocked", null, "unreachable", "memory_full"]);

  await set("1005", "retry_now");
  const fromTable = async () => {
    const [id = ""] = await sendFrom(db, tree, [{ to: plainNumber("1005") }]);
    await eventually(async () => expect((await statusesOf(db, [id])).queued ?? 0).toBe(0));
    return statusesOf(db, [id]);
  };
  await eventually(async () => expect(Object.keys(await fromTable())).not.toEqual(["failed"]));
  expect(carrier.connections).toBe(1);
  await expectCleanLedger(db, tree);
});
