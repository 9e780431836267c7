/** Renders every recipient's text and counts parts: what a quote prices and a submission screens. */
import { type Recipient, readWithOptOuts } from "#server/domain/campaigns/read-recipients.ts";
import { isPersonal, makeRenderer, parseTemplate } from "#server/domain/campaigns/render.ts";
import type { Campaign } from "#server/domain/campaigns/scope.ts";
import { maxParts, segmentText } from "#server/domain/messages/segment.ts";
import type { QuoteGroup } from "#server/domain/pricing/input.ts";
import { operatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";

const chunkRows = 5_000;
/** The pricing room serves so many groups in one quote. */
const maxGroups = 20_000;
/** Texts that are screened before a campaign starts; when they are personal, each is screened as it is sent. */
const screenedTexts = 500;

export type RefusedCount = { code: "text_too_long" | "empty_text" | "opted_out"; messages: number; parts: number };
export type Audience = {
  recipients: number;
  /** Runs of equal messages in the order of the list, or one group for each operator and length when there are too many. */
  groups: QuoteGroup[];
  /** Whether the groups are in the order of sending: then the quote is exact at the end of an order as well. */
  isOrdered: boolean;
  refused: RefusedCount[];
  texts: string[];
};

type Sending = Pick<Campaign, "trafficClass" | "template"> & { senderName: string; listId: string; fields: string[] };

/**
 * Reads the whole list in bounded chunks, each in a transaction of its own.
 * @throws invalid_input `bad_template` · `unknown_variables`
 */
export async function measureAudience(ctx: Context, sending: Sending): Promise<Audience> {
  const template = parseTemplate(sending.template);
  const render = makeRenderer(template, sending.fields);
  const operators = await operatorDirectory(ctx);
  const same = isPersonal(template) ? null : render({});
  const sameParts = same === null ? 0 : segmentText(same).parts;
  const runs: QuoteGroup[] = [];
  const sums = new Map<string, QuoteGroup>();
  const refused = new Map<string, RefusedCount>();
  const texts = new Set<string>([sending.template]);
  let recipients = 0;
  const take = (recipient: Recipient & { isOptedOut: boolean }) => {
    const text = same ?? render(recipient.fields);
    const parts = same === null ? segmentText(text).parts : sameParts;
    if (texts.size < screenedTexts) texts.add(text);
    const code = refusalOf(parts, recipient.isOptedOut && sending.trafficClass === "bulk");
    if (code) return addRefusal(refused, code, parts);
    const { operatorId } = recipient;
    const country = operators.byId(operatorId)?.country ?? "";
    const { trafficClass, senderName } = sending;
    addTo(runs, sums, { operatorId, country, trafficClass, senderName, parts, count: 1 });
  };
  for (let after = 0; ; ) {
    const chunk = { listId: sending.listId, after, limit: chunkRows };
    const rows = await inTransaction(ctx, (ctx) => readWithOptOuts(ctx, chunk));
    for (const row of rows) take(row);
    recipients += rows.length;
    if (rows.length < chunkRows) break;
    after = rows.at(-1)?.ordinal ?? after;
  }
  const isOrdered = runs.length <= maxGroups;
  const groups = isOrdered ? runs : [...sums.values()];
  return { recipients, groups, isOrdered, refused: [...refused.values()], texts: [...texts] };
}

function refusalOf(parts: number, isOptedOut: boolean): RefusedCount["code"] | null {
  if (parts === 0) return "empty_text";
  if (parts > maxParts) return "text_too_long";
  return isOptedOut ? "opted_out" : null;
}

function addRefusal(refused: Map<string, RefusedCount>, code: RefusedCount["code"], parts: number): void {
  const known = refused.get(code) ?? { code, messages: 0, parts: 0 };
  known.messages += 1;
  known.parts += parts;
  refused.set(code, known);
}

function addTo(runs: QuoteGroup[], sums: Map<string, QuoteGroup>, one: QuoteGroup): void {
  const key = `${one.operatorId} ${one.parts}`;
  const sum = sums.get(key);
  if (sum) sum.count += 1;
  else sums.set(key, { ...one });
  const last = runs.at(-1);
  if (last?.operatorId === one.operatorId && last.parts === one.parts) last.count += 1;
  else if (runs.length <= maxGroups) runs.push({ ...one });
}
