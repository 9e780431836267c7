/** The composer's live counter: encoding and parts of a text, for its first and its longest recipients. */

import { type ComposeCheck, composeCheck as schema } from "#server/domain/campaigns/input.ts";
import { type Recipient, readLongest, readRecipients } from "#server/domain/campaigns/read-recipients.ts";
import { makeRenderer, parseTemplate, unknownVariables, variablesOf } from "#server/domain/campaigns/render.ts";
import { ownList } from "#server/domain/contacts/scope.ts";
import { maxParts, type Segments, segmentText } from "#server/domain/messages/segment.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type TextMeasure = Omit<Segments, "perPart">;
export type Sample = { ordinal: number; msisdn: string; text: string } & TextMeasure;
export type ComposeResult = {
  variables: string[];
  /** Variables that the list does not have: it cannot be submitted with them. */
  unknown: string[];
  /** The text with every variable's fallback. */
  template: TextMeasure;
  /** The first recipients. */
  samples: Sample[];
  /** The recipient whose text takes the most parts, among the first 50,000. */
  worst: Sample | null;
  maxParts: number;
};

const firstRows = 3;
const longestRows = 8;

/** @throws invalid_input `bad_template` · not_found `list_not_found` */
export async function composeCheck(ctx: Context, input: ComposeCheck): Promise<ComposeResult> {
  allow(ctx, "campaigns.read");
  const { template: text, listId } = parse(schema, input);
  const template = parseTemplate(text);
  const variables = variablesOf(template);
  const bare = makeRenderer(template, variables)({});
  const result: ComposeResult = {
    variables,
    unknown: [],
    template: measure(bare),
    samples: [],
    worst: null,
    maxParts,
  };
  if (!listId) return result;
  return inTransaction(ctx, async (ctx) => {
    const list = await ownList(ctx, listId);
    result.unknown = unknownVariables(template, list.fields);
    if (result.unknown.length > 0) return result;
    const render = makeRenderer(template, list.fields);
    const sampleOf = ({ ordinal, msisdn, fields }: Recipient): Sample => {
      const rendered = render(fields);
      return { ordinal, msisdn, text: rendered, ...measure(rendered) };
    };
    const first = await readRecipients(ctx, { listId, after: 0, limit: firstRows });
    const longest = variables.length
      ? await readLongest(ctx, { listId, columns: list.fields, limit: longestRows })
      : first.slice(0, 1);
    result.samples = first.map(sampleOf);
    result.worst = longest.map(sampleOf).sort((a, b) => b.parts - a.parts || b.units - a.units)[0] ?? null;
    return result;
  });
}

function measure(text: string): TextMeasure {
  const { perPart: _, ...rest } = segmentText(text);
  return rest;
}
