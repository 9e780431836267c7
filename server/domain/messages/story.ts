/** A message's whole story in the order of time, as its reader may see it. */
import { type Edge, getMessage, type MessageWithTimeline, type TimelineEvent } from "#server/domain/messages/get.ts";
import type { Fact, Step, StepKind } from "#server/domain/messages/story-step.ts";
import { checkedStep, moderatedStep, routedStep } from "#server/domain/messages/tell-checks.ts";
import { waitingSteps, webhookSteps } from "#server/domain/messages/tell-clients.ts";
import {
  arrivalsOf,
  joinReceipts,
  receiptSteps,
  sentStepsOf,
  shown,
  toldStepsOf,
} from "#server/domain/messages/tell-wire.ts";
import type { Exchange } from "#server/domain/traces/exchange.ts";
import { asSystem, type Context, type InTx, inTransaction } from "#server/kernel/context.ts";

export type Story = MessageWithTimeline & {
  steps: Step[];
  /** Whether octets of its time are kept at all. */
  hasOctets: boolean;
};

/** @throws as getMessage */
export async function tellStory(ctx: Context, id: string): Promise<Story> {
  const { message, own, routed } = await inTransaction(ctx, async (ctx) => {
    const message = await getMessage(ctx, { id });
    return { message, ...(await tellRows(ctx, message)) };
  });
  const [wire, route, hasOctets] = await Promise.all([
    tellOctets(ctx, message),
    routedStep(ctx, message, routed),
    keepsOctets(ctx, message.createdAt),
  ]);
  return { ...message, steps: inOrder([...wire.arrived, ...own, route, ...wire.steps]), hasOctets };
}

/** What the rows say: behind row-level security, in one transaction. */
async function tellRows(ctx: InTx, message: MessageWithTimeline) {
  // One connection: sent one after the other without waiting.
  const [[row], checked, moderated, told, waiting] = await Promise.all([
    ctx.tx.sql<{ ancestors: string[]; connectorId: string }[]>`
      select t.ancestors, m.connector_id as "connectorId" from messages m join tenants t on t.id = m.tenant_id
      where m.id = ${message.id}`,
    checkedStep(ctx, message),
    moderatedStep(ctx, message),
    webhookSteps(ctx, message),
    waitingSteps(ctx, message),
  ]);
  const own = [checked, ...(moderated ? [moderated] : []), ...moneySteps(message), ...told, ...waiting];
  return { own, routed: row ?? { ancestors: [], connectorId: "" } };
}

/** When it was held, posted and given back: at acceptance, when the carrier took it, or at its end, by each order's rule. */
function moneySteps({ money, createdAt, sentAt, doneAt, parts }: MessageWithTimeline): Step[] {
  if (money.length === 0) return [];
  const step = (kind: "held" | "posted" | "voided", at: Date | null, edges: Edge[]): Step[] =>
    at && edges.length > 0 ? [{ at, kind, part: null, facts: { parts }, money: edges }] : [];
  const posted = money.filter(({ state }) => state === "posted");
  return [
    ...step("held", createdAt, money),
    ...step(
      "posted",
      sentAt ?? doneAt,
      posted.filter(({ postOn }) => postOn === "accepted"),
    ),
    ...step(
      "posted",
      doneAt ?? sentAt,
      posted.filter(({ postOn }) => postOn === "delivered"),
    ),
    ...step(
      "voided",
      doneAt,
      money.filter(({ state }) => state === "voided"),
    ),
  ];
}

async function tellOctets(ctx: Context, message: MessageWithTimeline): Promise<{ arrived: Step[]; steps: Step[] }> {
  const exchanges = await arrivalsOf(ctx, message);
  const events = message.timeline.filter(({ kind }) => kind !== "accepted").map(eventStep);
  const told = await toldStepsOf(ctx, message);
  const arrived = arrivedSteps(message, exchanges);
  // What the carrier was sent, and what it told, is its owner's to see.
  if (message.connector === null) return { arrived, steps: [...events, ...told] };
  const sent = await sentStepsOf(ctx, message);
  return { arrived, steps: [...sent, ...joinReceipts(events, await receiptSteps(ctx, message)), ...told] };
}

/** Without octets: what the row says of how it came. */
function arrivedSteps(message: MessageWithTimeline, exchanges: readonly Exchange[]): Step[] {
  const { source, reference, batchId, campaignId, createdAt, timeline } = message;
  const actor = timeline.find(({ kind }) => kind === "accepted")?.detail.actor;
  const facts = { source, actor: typeof actor === "string" ? actor : null, reference, batchId, campaignId };
  if (exchanges.length === 0) return [{ at: createdAt, kind: "arrived", part: null, facts }];
  return exchanges.map((exchange) => ({
    at: new Date(Math.min(createdAt.getTime(), exchange.atMs - exchange.durationMs)),
    kind: "arrived",
    part: exchange.part === 0 ? null : exchange.part,
    facts,
    exchange: shown(exchange),
  }));
}

function eventStep({ at, kind, partNumber, detail }: TimelineEvent): Step {
  const plain = (value: unknown): value is Fact => value === null || typeof value !== "object";
  const facts = Object.fromEntries(Object.entries(detail).filter((entry): entry is [string, Fact] => plain(entry[1])));
  return { at, kind: kind as StepKind, part: partNumber, facts };
}

/** What happens in one moment, in the order in which it happens. */
const order: StepKind[] = [
  "arrived",
  "checked",
  "moderated",
  "review",
  "routed",
  "held",
  "sent",
  "response",
  "receipt",
  "resolved",
  "posted",
  "voided",
  "told",
];
const rank = ({ kind }: Step): number => (order.includes(kind) ? order.indexOf(kind) : order.length);

const inOrder = (steps: Step[]): Step[] => steps.sort((a, b) => a.at.getTime() - b.at.getTime() || rank(a) - rank(b));

async function keepsOctets(ctx: Context, at: Date): Promise<boolean> {
  const rows = await asSystem(
    ctx,
    ({ tx: { sql } }) =>
      sql`select from wire_blocks where id <= banyan_uuid7_floor(${new Date(at.getTime() + 1_000)}) limit 1`,
  );
  return rows.length > 0;
}
