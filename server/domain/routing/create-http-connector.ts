/** Adds a connector that sends through a partner's system over HTTP, described as data. */
import { connectors, httpConnectors } from "#db/schema/routing.ts";
import { announceConnector } from "#server/domain/routing/announce-connector.ts";
import { type Connector, connectorColumns, connectorInScope } from "#server/domain/routing/connector-scope.ts";
import { type CreateHttpConnector, createHttpConnector as schema } from "#server/domain/routing/http-input.ts";
import { checkDescription, placeOfDescription } from "#server/domain/routing/http-scope.ts";
import { newReceiptToken } from "#server/domain/routing/receipt-address.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { seal } from "#server/kernel/crypto.ts";
import { conflict, invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** The partner gets a text whole and cuts it itself; one id stands for all parts. */
export const wholeTexts = { concatenation: "payload", passedTlvs: [] as string[], otpPriority: 0 } as const;

export const secretNeeded = () =>
  invalidInput("secret_needed", "Enter the password or key for this address.", { field: "secret" });

/**
 * Idempotent by `input.id`. The secret is sealed for this row and never given back.
 * @throws not_found tenant outside the scope · conflict `connector_id_taken` · invalid_input `secret_needed` ·
 * `host_not_allowed` · `pattern_not_valid` · `body_not_xml`
 */
export async function createHttpConnector(ctx: Context, input: CreateHttpConnector): Promise<Connector> {
  allow(ctx, "routing.write");
  const { secret, description, tenantId = ctx.tenantId, ...wanted } = parse(schema, input);
  if (description.auth.kind !== "none" && secret === "") throw secretNeeded();
  await checkDescription(description);
  const place = placeOfDescription(description);
  return inTransaction(ctx, async (ctx) => {
    const owner = await tenantInScope(ctx, tenantId);
    const now = ctx.clock.now();
    const [row] = await ctx.tx.db
      .insert(connectors)
      .values({
        ...wanted,
        ...place,
        ...wholeTexts,
        kind: "http",
        tenantId: owner.id,
        systemId: description.auth.user,
        passwordSealed: seal(secret, wanted.id),
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning(connectorColumns);
    if (!row) {
      const known = await connectorInScope(ctx, wanted.id).catch(() => null);
      if (known?.tenantId === owner.id && known.kind === "http" && known.host === place.host) return known;
      throw conflict("connector_id_taken", "This id is in use. Choose a new one.");
    }
    await ctx.tx.db
      .insert(httpConnectors)
      .values({ connectorId: row.id, tenantId: owner.id, description, ...newReceiptToken(row.id) });
    await audit(ctx, {
      action: "routing.create_http_connector",
      subjectType: "connector",
      subjectId: row.id,
      tenantId: owner.id,
      detail: { name: row.name, host: row.host, port: row.port, receipts: description.receipts.kind },
    });
    await announceConnector(ctx, row.id);
    return row;
  });
}
