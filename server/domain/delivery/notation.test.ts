/** How carriers write ids: learnt from receipts that agree, looked for first, and never a reason to miss another form. */
import { describe, expect, it } from "vitest";
import { claim } from "#server/domain/delivery/claim.ts";
import { holdConnectors } from "#server/domain/delivery/hold-connectors.ts";
import { notationOf } from "#server/domain/delivery/learn-notation.ts";
import { recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import { type IdNotation, storedForm } from "#server/domain/messages/carrier-id.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger, plainNumber, sendFrom, statusesOf, workerContext } from "#tests/delivering.ts";
import { makeSendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const ctx = workerContext(db);
const owner = newId();

type Written = { answered: string; receipted: string };

/** Sends one message for each, answers it and reports on all of them at once. */
async function report(tree: Awaited<ReturnType<typeof makeSendingTree>>, ids: Written[], notation: IdNotation | null) {
  const connectorId = tree.connector.id;
  const sent = await sendFrom(
    db,
    tree,
    ids.map(() => ({ to: plainNumber() })),
  );
  await holdConnectors(ctx, { owner, connectorIds: [connectorId], ttlMs: 60_000 });
  const claimed = await claim(ctx, { connectorId, owner, limit: 100 });
  await recordResponses(ctx, {
    connectorId,
    owner,
    results: claimed.map(({ id, leasedAt }, index) => ({
      messageId: id,
      at: new Date(),
      leasedAt,
      parts: [{ partNumber: 1, kind: "accepted", carrierId: ids[index]?.answered ?? "" }],
    })),
  });
  const receipts = claimed.map(({ msisdn, sender }, index) => ({
    carrierId: ids[index]?.receipted ?? "",
    state: "DELIVRD" as const,
    errorCode: null,
    msisdn,
    sender,
    userMessageReference: null,
    text: "",
    receivedAt: new Date(),
  }));
  expect(await recordReceipts(ctx, { connectorId, receipts, notation })).toEqual({ matched: ids.length, parked: 0 });
  expect(await statusesOf(db, sent)).toEqual({ delivered: ids.length });
  const [row] = await db.sql`select receipt_notation from connectors where id = ${connectorId}`;
  return row?.receipt_notation as IdNotation | null;
}

const numbers = [171_000_001, 171_000_002, 171_000_003];
const hex = (n: number) => n.toString(16).toUpperCase();
const written = (how: (n: number) => Written) => numbers.map(how);

describe("a carrier's notation", () => {
  it.each<[IdNotation, (n: number) => Written]>([
    ["same", (n) => ({ answered: `x-${n}`, receipted: `X-${n}` })],
    ["decimal", (n) => ({ answered: hex(n), receipted: String(n) })],
    ["hex", (n) => ({ answered: String(n), receipted: hex(n).padStart(12, "0") })],
  ])("is learnt: %s", async (notation, how) => {
    const tree = await makeSendingTree(db);
    expect(await report(tree, written(how), null)).toBe(notation);
    await expectCleanLedger(db, tree);
  });

  it("that changes is found all the same, and learnt anew; a mixture teaches nothing", async () => {
    const tree = await makeSendingTree(db);
    expect(
      await report(
        tree,
        written((n) => ({ answered: hex(n), receipted: String(n) })),
        "hex",
      ),
    ).toBe("decimal");
    const mixed = [
      { answered: hex(181_000_001), receipted: "181000001" },
      { answered: "181000002", receipted: hex(181_000_002) },
      { answered: "y-1", receipted: "Y-1" },
    ];
    expect(await report(tree, mixed, "decimal")).toBe("decimal");
    await expectCleanLedger(db, tree);
  });

  it("is not learnt from ids that mean the same in all of them, nor from one or two", () => {
    const pair = (answered: string, receipted: string) => ({
      receipt: { carrierId: receipted, msisdn: "", sender: "" },
      reference: {
        messageId: newId(),
        carrierId: storedForm(answered, "same") ?? "",
        partNumber: 1,
        msisdn: "",
        parts: 1,
        status: "sent" as const,
      },
    });
    expect(notationOf([pair("5", "5"), pair("6", "6"), pair("7", "7")])).toBeNull();
    expect(notationOf([pair("a-1", "A-1"), pair("a-2", "A-2")])).toBeNull();
    expect(notationOf([pair("a-1", "A-1"), pair("a-2", "A-2"), pair("7", "7"), pair("a-3", "A-3")])).toBe("same");
  });
});
