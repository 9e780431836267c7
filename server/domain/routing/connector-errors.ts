/** A carrier's own error codes: what each means for the message, and what people read about it. */
import { and, asc, eq, getTableColumns } from "drizzle-orm";
import { connectorErrors } from "#db/schema/routing.ts";
import { announceConnector } from "#server/domain/routing/announce-connector.ts";
import { type Connector, connectorInScope } from "#server/domain/routing/connector-scope.ts";
import { type ErrorKind, normaliseErrorCode, normaliseHttpCode } from "#server/domain/routing/error-codes.ts";
import type { ErrorRule } from "#server/domain/routing/error-table.ts";
import {
  type ClearConnectorError,
  type ConnectorById,
  clearConnectorError as clearSchema,
  connectorById,
  type SetConnectorError,
  setConnectorError as setSchema,
} from "#server/domain/routing/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

const { connectorId: _c, tenantId: _t, ...ruleColumns } = getTableColumns(connectorErrors);

/** @throws not_found `connector_not_found` */
export async function listConnectorErrors(ctx: Context, input: ConnectorById): Promise<ErrorRule[]> {
  allow(ctx, "routing.read");
  const { id } = parse(connectorById, input);
  return inTransaction(ctx, async (ctx) => {
    await connectorInScope(ctx, id);
    return ctx.tx.db
      .select(ruleColumns)
      .from(connectorErrors)
      .where(eq(connectorErrors.connectorId, id))
      .orderBy(asc(connectorErrors.kind), asc(connectorErrors.code));
  });
}

/**
 * Takes effect for the next answer, without a new bind.
 * @throws not_found `connector_not_found` · invalid_input `not_an_error_code`
 */
export async function setConnectorError(ctx: Context, input: SetConnectorError): Promise<ErrorRule> {
  allow(ctx, "routing.write");
  const { connectorId, kind, verdict, reason, ...wanted } = parse(setSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const connector = await connectorInScope(ctx, connectorId);
    const { tenantId } = connector;
    const code = normalised(connector, kind, wanted.code);
    if (code === null) {
      const help = "Use a code as the carrier writes it: a name, a number, or hex with 0x.";
      throw invalidInput("not_an_error_code", help, { field: "code" });
    }
    const rule = { kind, code, verdict, reason };
    await ctx.tx.db
      .insert(connectorErrors)
      .values({ connectorId, tenantId, ...rule })
      .onConflictDoUpdate({
        target: [connectorErrors.connectorId, connectorErrors.kind, connectorErrors.code],
        set: { verdict, reason },
      });
    await tell(ctx, "routing.set_connector_error", { connectorId, tenantId, detail: rule });
    return rule;
  });
}

/** From now on the specification decides about it. @throws not_found `connector_not_found` */
export async function clearConnectorError(ctx: Context, input: ClearConnectorError): Promise<{ code: string }> {
  allow(ctx, "routing.write");
  const { connectorId, kind, ...wanted } = parse(clearSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const connector = await connectorInScope(ctx, connectorId);
    const { tenantId } = connector;
    const code = normalised(connector, kind, wanted.code) ?? wanted.code;
    const own = and(
      eq(connectorErrors.connectorId, connectorId),
      eq(connectorErrors.kind, kind),
      eq(connectorErrors.code, code),
    );
    const gone = await ctx.tx.db.delete(connectorErrors).where(own).returning(ruleColumns);
    if (gone.length > 0)
      await tell(ctx, "routing.clear_connector_error", { connectorId, tenantId, detail: { kind, code } });
    return { code };
  });
}

/** A partner over HTTP answers in words of its own; receipts' errors are written alike everywhere. */
const normalised = (connector: Pick<Connector, "kind">, kind: ErrorKind, code: string): string | null =>
  connector.kind === "http" && kind === "submit" ? normaliseHttpCode(code) : normaliseErrorCode(kind, code);

async function tell(
  ctx: InTx,
  action: "routing.set_connector_error" | "routing.clear_connector_error",
  what: { connectorId: string; tenantId: string; detail: Record<string, unknown> },
): Promise<void> {
  const { connectorId, tenantId, detail } = what;
  await audit(ctx, { action, subjectType: "connector", subjectId: connectorId, tenantId, detail });
  await announceConnector(ctx, connectorId);
}
