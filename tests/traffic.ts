/** Gives suites traffic that costs money: demands, messages held and inserted in one transaction, balances to compare. */
import type { Database } from "#db/client.ts";
import { messages } from "#db/schema/messages.ts";
import { type Demand, type HoldOutcome, holdBatch } from "#server/domain/ledger/hold.ts";
import { chargeStage } from "#server/domain/ledger/stage.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { contextFor } from "#tests/factories.ts";

/** One message of one part to a Vietnamese operator; `over` changes what matters. */
export const demandOf = (tenant: Pick<Tenant, "id" | "ancestors">, over: Partial<Demand> = {}): Demand => ({
  key: newId(),
  tenantId: tenant.id,
  ancestors: tenant.ancestors,
  operatorId: "vn-vinaphone",
  country: "VN",
  trafficClass: "transactional",
  senderName: "ACME",
  parts: 1,
  ...over,
});

export type Sent = HoldOutcome & { messageId: string };

/** Holds one message and inserts its row, in a transaction of its own. */
export async function sendThrough(
  db: Database,
  tenant: Pick<Tenant, "id" | "ancestors">,
  over: Partial<Demand> = {},
): Promise<Sent> {
  const [sent] = await sendBatch(db, [demandOf(tenant, over)]);
  if (!sent) throw new Error("No outcome.");
  return sent;
}

/** Holds a batch and inserts the rows of what was accepted. */
export async function sendBatch(db: Database, demands: Demand[]): Promise<Sent[]> {
  const batchId = newId();
  return asSystem(contextFor(db, newId()), async (ctx) => {
    const outcomes = await holdBatch(ctx, { batchId, dryRun: false, demands });
    const rows = outcomes.flatMap((o, i) => {
      const demand = demands[i];
      return o.ok && demand ? [messageRow(demand, batchId, o.rateId)] : [];
    });
    if (rows.length > 0) await ctx.tx.db.insert(messages).values(rows);
    return outcomes.map((o, i) => ({ ...o, messageId: demands[i]?.key ?? "" }));
  });
}

const messageRow = (demand: Demand, batchId: string, rateId: string) => ({
  id: demand.key,
  tenantId: demand.tenantId,
  batchId,
  senderId: newId(),
  sender: demand.senderName,
  msisdn: "84912345678",
  text: "Hello",
  trafficClass: demand.trafficClass as "transactional",
  encoding: "gsm7" as const,
  parts: demand.parts,
  operatorId: demand.operatorId,
  connectorId: newId(),
  rateId,
  status: "queued" as const,
  chargeStage: chargeStage.held,
  source: "http" as const,
  validUntil: new Date(Date.now() + 3_600_000),
});

export type Balances = {
  availableMicros: bigint;
  leftMicros: bigint | null;
  heldMicros: bigint;
  spentMicros: bigint;
  leftParts: bigint | null;
  heldParts: bigint;
  spentParts: bigint;
};

export async function balances(db: Database, order: { id: string }): Promise<Balances> {
  const rows = await db.sql<{ kind: string; unit: string; balance: bigint; floor: bigint | null }[]>`
    select kind, unit, balance, floor from ledger_accounts where order_id = ${order.id}`;
  const of = (kind: string, inParts: boolean) => rows.find((r) => r.kind === kind && (r.unit === "PARTS") === inParts);
  const balance = (kind: string, inParts: boolean) => of(kind, inParts)?.balance ?? 0n;
  const left = (inParts: boolean) => {
    const account = of("available", inParts);
    return account && account.floor !== null ? account.balance - account.floor : null;
  };
  return {
    availableMicros: balance("available", false),
    leftMicros: left(false),
    heldMicros: balance("held", false),
    spentMicros: balance("spent", false),
    leftParts: left(true),
    heldParts: balance("held", true),
    spentParts: balance("spent", true),
  };
}
