/** Loading what is particular to a connector that speaks HTTP, and checking what people wrote before it is kept. */
import { eq } from "drizzle-orm";
import { httpConnectors } from "#db/schema/routing.ts";
import { type Connector, connectorInScope } from "#server/domain/routing/connector-scope.ts";
import { compilePattern, isXmlTemplate } from "#server/domain/routing/http-body.ts";
import { type HttpDescription, httpDescription } from "#server/domain/routing/http-description.ts";
import type { InTx } from "#server/kernel/context.ts";
import { DomainError, invalidInput, notFound } from "#server/kernel/errors.ts";
import { checkSavedPlace, placeOf } from "#server/kernel/outbound.ts";

export type HttpConnector = { connector: Connector; description: HttpDescription; receiptSealed: string };

/** @throws not_found `connector_not_found`, also for one that speaks SMPP */
export async function httpConnectorInScope(ctx: InTx, connectorId: string): Promise<HttpConnector> {
  const connector = await connectorInScope(ctx, connectorId);
  const [row] = await ctx.tx.db.select().from(httpConnectors).where(eq(httpConnectors.connectorId, connectorId));
  if (!row) throw notFound("connector");
  return { connector, description: httpDescription.parse(row.description), receiptSealed: row.receiptSealed };
}

/** Every address that requests of this description go to, with the field that holds it. */
function addressesOf({ url, auth, receipts }: HttpDescription): { url: string; field: string }[] {
  return [
    { url, field: "description.url" },
    ...(auth.kind === "oauth" ? [{ url: auth.tokenUrl, field: "description.auth.tokenUrl" }] : []),
    ...(receipts.kind === "poll" ? [{ url: receipts.url, field: "description.receipts.url" }] : []),
  ];
}

const originOf = (url: string): string => new URL(url.replaceAll(/\{[a-z_]+\}/g, "x")).origin;

export const placeOfDescription = ({ url }: HttpDescription) => placeOf(originOf(url));

/** True when a stored secret would go somewhere that it has never been. */
export function leadsElsewhere(before: HttpDescription, after: HttpDescription): boolean {
  const known = new Set(addressesOf(before).map(({ url }) => originOf(url)));
  return addressesOf(after).some(({ url }) => !known.has(originOf(url)));
}

/**
 * What the shape alone cannot tell: addresses inside private networks, patterns, XML.
 * @throws invalid_input `host_not_allowed` · `pattern_not_valid` · `body_not_xml`, each naming its field
 */
export async function checkDescription(description: HttpDescription): Promise<void> {
  for (const { url, field } of addressesOf(description)) {
    await checkSavedPlace(placeOf(originOf(url))).catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
      throw new DomainError(error.kind, error.code, error.message, { ...error.detail, field });
    });
  }
  for (const [field, from, path] of placesOf(description)) {
    if (from === "pattern" && !compilePattern(path)) {
      throw invalidInput("pattern_not_valid", "This pattern cannot be read. Use RE2's syntax.", { field });
    }
  }
  const { receipts } = description;
  const poll = receipts.kind === "poll" ? [{ ...receipts, field: "description.receipts.body" }] : [];
  for (const { bodyKind, body, field } of [{ ...description, field: "description.body" }, ...poll]) {
    if (bodyKind === "xml" && !isXmlTemplate(body)) {
      const help = "This is no XML document with its placeholders in texts and attribute values.";
      throw invalidInput("body_not_xml", help, { field });
    }
  }
}

function placesOf({ answer, receipts }: HttpDescription): [field: string, from: string, path: string][] {
  const named = [
    ...Object.entries(answer).map(([name, value]) => [`description.answer.${name}.path`, value] as const),
    ...Object.entries(receipts).map(([name, value]) => [`description.receipts.${name}.path`, value] as const),
  ];
  return named.flatMap(([field, value]) =>
    typeof value === "object" && "from" in value ? [[field, value.from, value.path] as [string, string, string]] : [],
  );
}
