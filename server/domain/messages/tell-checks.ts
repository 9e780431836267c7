/** What a message passed before it was accepted: number, operator, parts, sender, content, route. Derived, not stored. */
import type { MessageWithTimeline } from "#server/domain/messages/get.ts";
import { segmentText } from "#server/domain/messages/segment.ts";
import type { Step } from "#server/domain/messages/story-step.ts";
import { explainRoute } from "#server/domain/routing/explain-route.ts";
import type { Context, InTx } from "#server/kernel/context.ts";

const shownCharacters = 8;

/** Number, operator by the longest prefix, parts, sender: as they follow from the message and today's tables. */
export async function checkedStep(ctx: InTx, message: MessageWithTimeline): Promise<Step> {
  const { msisdn, operatorId, operatorName, text, sender, trafficClass, validUntil, createdAt } = message;
  const [row] = await ctx.tx.sql<{ prefix: string | null; by: string | null; approvedAt: Date | null }[]>`
    select p.prefix, p.operator_id as by, (
        select d.decided_at from messages m join sender_decisions d on d.sender_id = m.sender_id
        where m.id = ${message.id} and d.decision = 'approved' and d.decided_at <= ${createdAt}
        order by d.decided_at desc limit 1) as "approvedAt"
    from (select) as one
    left join lateral (
      select prefix, operator_id from operator_prefixes
      where prefix = any(${prefixesOf(msisdn)}::text[]) order by length(prefix) desc limit 1) p on true`;
  const { encoding, parts, units, unitsLeft, ucs2Characters } = segmentText(text);
  return {
    at: createdAt,
    kind: "checked",
    part: null,
    facts: {
      msisdn,
      operator: operatorName ?? operatorId,
      prefix: row?.prefix ?? null,
      // Prefixes are given to others now and then.
      isOtherOperatorNow: row?.by !== undefined && row?.by !== null && row.by !== operatorId,
      encoding,
      parts,
      units,
      unitsLeft,
      unicodeBecause: ucs2Characters.length > 0 ? ucs2Characters.slice(0, shownCharacters).join(" ") : null,
      sender,
      senderApprovedAt: row?.approvedAt?.toISOString() ?? null,
      trafficClass,
      validUntil: validUntil.toISOString(),
    },
  };
}

const prefixesOf = (msisdn: string): string[] =>
  Array.from({ length: msisdn.length }, (_, n) => msisdn.slice(0, n + 1));

/** The decision on its content, when there was one to take; by somebody above the reader, nobody is named. */
export async function moderatedStep(
  ctx: InTx,
  { batchId, campaignId, createdAt }: MessageWithTimeline,
): Promise<Step | null> {
  const subjects = campaignId === null ? [batchId] : [batchId, campaignId];
  const [row] = await ctx.tx.sql<
    {
      status: string;
      cause: string;
      decidedAt: Date | null;
      by: string | null;
      reason: string | null;
      openedAt: Date;
    }[]
  >`
    select c.status, c.cause, c.decided_at as "decidedAt", u.name as by, c.decision_reason as reason,
      c.created_at as "openedAt"
    from moderation_cases c left join users u on u.id = c.decided_by
    where c.subject_id = any(${subjects}::uuid[])`;
  if (!row) return null;
  const { status, cause, decidedAt, by, reason, openedAt } = row;
  const at = decidedAt ?? openedAt;
  return {
    // A campaign's content was decided on before it had messages.
    at: at < createdAt ? createdAt : at,
    kind: "moderated",
    part: null,
    facts: { status, cause, by, reason, decidedAt: decidedAt?.toISOString() ?? null },
  };
}

type Routed = { ancestors: string[]; connectorId: string };

/** The connector that it was given first: a message that moved says itself where it came from. */
export async function routedStep(ctx: Context, message: MessageWithTimeline, routed: Routed): Promise<Step> {
  const { id, operatorId, trafficClass, createdAt, timeline, connector } = message;
  const moved = timeline.find(({ kind }) => kind === "moved")?.detail.connectorId;
  const connectorId = typeof moved === "string" ? moved : routed.connectorId;
  const { ancestors } = routed;
  const story = await explainRoute(ctx, { id, ancestors, operatorId, trafficClass, connectorId });
  const chosen = story.candidates.find((candidate) => candidate.verdict === "chosen");
  return {
    at: createdAt,
    kind: "routed",
    part: null,
    facts: {
      // Null: by a route of somebody above the reader.
      connector: connector?.name ?? null,
      route: chosen?.routeId ?? null,
      agrees: connector ? story.agrees : null,
      hasChanged: connector ? story.hasChanged : null,
    },
    routes: story.candidates,
  };
}
