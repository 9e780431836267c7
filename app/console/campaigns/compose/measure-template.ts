/** What the composer says about a text while it is typed: the same rules as at sending. Pure. */
import { makeRenderer, parseTemplate, unknownVariables, variablesOf } from "#server/domain/campaigns/render.ts";
import { type Segments, segmentText } from "#server/domain/messages/segment.ts";

export type TemplateMeasure =
  | {
      isReadable: true;
      /** The text with what stands in for each variable. */
      segments: Segments;
      variables: string[];
      unknown: string[];
    }
  /** A variable is not closed or has no name; `at` is where it begins. */
  | { isReadable: false; at: number };

/** @param fields columns of the list; null when none is chosen yet */
export function measureTemplate(text: string, fields: readonly string[] | null): TemplateMeasure {
  let template: ReturnType<typeof parseTemplate>;
  try {
    template = parseTemplate(text);
  } catch {
    return { isReadable: false, at: text.lastIndexOf("{{") };
  }
  const variables = variablesOf(template);
  const bare = makeRenderer(template, variables)({});
  return {
    isReadable: true,
    segments: segmentText(bare),
    variables,
    unknown: fields ? unknownVariables(template, fields) : [],
  };
}
