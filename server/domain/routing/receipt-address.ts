/** The address at which a partner over HTTP tells us of its receipts: nobody can guess it, and it can be changed. */
import { eq } from "drizzle-orm";
import { httpConnectors } from "#db/schema/routing.ts";
import { httpConnectorInScope } from "#server/domain/routing/http-scope.ts";
import { type ConnectorById, connectorById } from "#server/domain/routing/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { hashToken, open, randomToken, seal } from "#server/kernel/crypto.ts";
import { parse } from "#server/kernel/parse.ts";

/** @property path on the public address of the platform, and on every host name of its tenants */
export type ReceiptAddress = { path: string };

export const receiptPath = "/api/v1/receipts/";

/** A new unguessable part, in the forms in which it is kept. */
export function newReceiptToken(connectorId: string): { receiptHash: string; receiptSealed: string } {
  const token = randomToken();
  return { receiptHash: hashToken(token), receiptSealed: seal(token, connectorId) };
}

/** For those who set the partner up. @throws not_found `connector_not_found` */
export async function receiptAddress(ctx: Context, input: ConnectorById): Promise<ReceiptAddress> {
  allow(ctx, "routing.write");
  const { id } = parse(connectorById, input);
  const { receiptSealed } = await inTransaction(ctx, (ctx) => httpConnectorInScope(ctx, id));
  return { path: `${receiptPath}${open(receiptSealed, id)}` };
}

/** From now on the old one is nobody's. @throws not_found `connector_not_found` */
export async function renewReceiptAddress(ctx: Context, input: ConnectorById): Promise<ReceiptAddress> {
  allow(ctx, "routing.write");
  const { id } = parse(connectorById, input);
  const fresh = newReceiptToken(id);
  await inTransaction(ctx, async (ctx) => {
    const { connector } = await httpConnectorInScope(ctx, id);
    await ctx.tx.db.update(httpConnectors).set(fresh).where(eq(httpConnectors.connectorId, id));
    await audit(ctx, {
      action: "routing.renew_receipt_address",
      subjectType: "connector",
      subjectId: id,
      tenantId: connector.tenantId,
      detail: { name: connector.name },
    });
  });
  return { path: `${receiptPath}${open(fresh.receiptSealed, id)}` };
}
