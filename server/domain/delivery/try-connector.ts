/** One request over a saved HTTP connector, made by a person, to see what goes out and what comes back; secrets masked. */

import { eq } from "drizzle-orm";
import { connectorErrors, connectors } from "#db/schema/routing.ts";
import { segmentText } from "#server/domain/messages/segment.ts";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import { decodeText } from "#server/domain/routing/http-body.ts";
import type { HttpDescription } from "#server/domain/routing/http-description.ts";
import { tryConnector as schema, type TryConnector } from "#server/domain/routing/http-input.ts";
import {
  buildRequest,
  type HttpRequest,
  messageValues,
  secretMasker,
  secretsOf,
} from "#server/domain/routing/http-request.ts";
import { httpConnectorInScope } from "#server/domain/routing/http-scope.ts";
import { fetchToken } from "#server/domain/routing/http-token.ts";
import { type HttpOutcome, readAnswer } from "#server/domain/routing/http-verdict.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { boundTrials } from "#server/kernel/bound-trials.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { open } from "#server/kernel/crypto.ts";
import { DomainError, invalidInput } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import type { Guard } from "#server/kernel/outbound.ts";
import { fetchOutside } from "#server/kernel/outbound-fetch.ts";
import { parse } from "#server/kernel/parse.ts";

export type Trial = {
  request: HttpRequest;
  /** Null when none came; then `failure` says why. */
  answer: { status: number; headers: Record<string, string>; body: string } | null;
  failure: string | null;
  /** What a message would have become; null without an answer. */
  outcome: HttpOutcome | null;
  tookMs: number;
};

/** What people read of an answer. */
const mostShown = 4_000;
const mostBytes = 65_536;

/**
 * Nothing is charged or kept of it here; the partner may charge for it. Redirects are shown, not followed.
 * @throws not_found `connector_not_found` · invalid_input `not_a_number` · rate_limited `too_many_trials`
 */
export async function tryConnector(ctx: Context, input: TryConnector, guard: Guard = {}): Promise<Trial> {
  allow(ctx, "routing.write");
  const { id, to, from, text } = parse(schema, input);
  const msisdn = to.replaceAll(/\D/g, "");
  if (!/^[1-9]\d{6,14}$/.test(msisdn)) {
    throw invalidInput("not_a_number", "Use a number with its country code.", { field: "to" });
  }
  const { description, sealed, errors } = await loadForTrial(ctx, id, msisdn);
  const secret = open(sealed, id);
  const { auth } = description;
  const { encoding, parts } = segmentText(text);
  const validUntil = new Date(ctx.clock.now().getTime() + 600_000);
  const message = {
    id: newId(),
    msisdn,
    sender: from,
    text,
    encoding,
    parts,
    trafficClass: "otp" as const,
    validUntil,
  };
  const values = messageValues(message, ctx.clock.now().getTime());
  const startedMs = performance.now();
  let token = "";
  const shown = (value: string) => secretMasker([...secretsOf(auth.user, secret), token])(value);
  try {
    if (auth.kind === "oauth") token = (await fetchToken(auth, secret, guard)).token;
    const request = buildRequest(description, auth, values, { secret, token });
    const { status, headers, body } = await fetchOutside(
      request.url,
      { ...request, body: request.body ?? undefined, maxBytes: mostBytes },
      guard,
    );
    const contentType = headers["content-type"] ?? "";
    const plainHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const got = { status, headers: plainHeaders, contentType, bytes: body, isWhole: true };
    return {
      request: maskRequest(request, shown),
      answer: {
        status,
        headers: maskValues(plainHeaders, shown),
        body: shown(decodeText(body, contentType).replaceAll("\0", "")).slice(0, mostShown),
      },
      failure: null,
      outcome: readAnswer(description, got, errors),
      tookMs: Math.round(performance.now() - startedMs),
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return {
      request: maskRequest(buildRequest(description, auth, values, { secret, token }), shown),
      answer: null,
      failure: error.message,
      outcome: null,
      tookMs: Math.round(performance.now() - startedMs),
    };
  }
}

/** The sealed secret is read behind row-level security, like the connector itself. */
function loadForTrial(
  ctx: Context,
  id: string,
  msisdn: string,
): Promise<{ description: HttpDescription; sealed: string; errors: ErrorTable }> {
  return inTransaction(ctx, async (ctx) => {
    const { connector, description } = await httpConnectorInScope(ctx, id);
    const [row] = await ctx.tx.db
      .select({ sealed: connectors.passwordSealed })
      .from(connectors)
      .where(eq(connectors.id, id));
    await boundTrials(ctx, connector.tenantId, "routing.try_connector");
    const rules = await ctx.tx.db.select().from(connectorErrors).where(eq(connectorErrors.connectorId, id));
    await audit(ctx, {
      action: "routing.try_connector",
      subjectType: "connector",
      subjectId: id,
      tenantId: connector.tenantId,
      detail: { name: connector.name, to: msisdn },
    });
    return { description, sealed: row?.sealed ?? "", errors: new ErrorTable(rules) };
  });
}

const maskRequest = (request: HttpRequest, shown: (text: string) => string): HttpRequest => ({
  ...request,
  url: shown(request.url),
  headers: maskValues(request.headers, shown),
  body: request.body === null ? null : shown(request.body),
});

const maskValues = (values: Record<string, string>, shown: (text: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)]));
