/** Adds a connector that sends through a partner's system over HTTP, described as data. */
import { httpConnectors } from "#db/schema/routing.ts";
import { announceConnector } from "#server/domain/routing/announce-connector.ts";
import type { Connector } from "#server/domain/routing/connector-scope.ts";
import { type CreateHttpConnector, createHttpConnector as schema } from "#server/domain/routing/http-input.ts";
import { checkDescription, placeOfDescription } from "#server/domain/routing/http-scope.ts";
import { insertConnector } from "#server/domain/routing/insert-connector.ts";
import { newReceiptToken } from "#server/domain/routing/receipt-address.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { invalidInput } from "#server/kernel/errors.ts";
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
    const { user: systemId } = description.auth;
    const settings = { ...wanted, ...place, ...wholeTexts, kind: "http" as const, tenantId, systemId };
    const { row, isNew } = await insertConnector(ctx, settings, secret);
    if (!isNew) return row;
    await ctx.tx.db
      .insert(httpConnectors)
      .values({ connectorId: row.id, tenantId: row.tenantId, description, ...newReceiptToken(row.id) });
    await audit(ctx, {
      action: "routing.create_http_connector",
      subjectType: "connector",
      subjectId: row.id,
      tenantId: row.tenantId,
      detail: { name: row.name, host: row.host, port: row.port, receipts: description.receipts.kind },
    });
    await announceConnector(ctx, row.id);
    return row;
  });
}
