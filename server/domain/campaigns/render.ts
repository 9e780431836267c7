/** Templates: text with {{variables}} named after columns of the list. Pure: the composer, the quote and the expansion share it. */
import { invalidInput } from "#server/kernel/errors.ts";

type Piece = string | { name: string; fallback: string };
export type Template = { pieces: readonly Piece[] };

/** The same form in which the import keeps the names of columns; case makes no difference. */
const keyOf = (name: string): string => name.normalize("NFC").trim().toLowerCase();

/**
 * `{{name}}`, or `{{name|friend}}` with what stands there when the recipient has no value. A lone brace is text.
 * @throws invalid_input `bad_template` for a variable that is not closed or has no name
 */
export function parseTemplate(text: string): Template {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    const opened = text.indexOf("{{", at);
    if (opened < 0) break;
    const closed = text.indexOf("}}", opened + 2);
    const inside = closed < 0 ? null : text.slice(opened + 2, closed);
    if (inside === null || inside.includes("{{")) {
      throw invalidInput("bad_template", `The variable at character ${opened + 1} is not closed with }}.`, {
        field: "template",
        at: opened,
      });
    }
    const bar = inside.indexOf("|");
    const name = keyOf(bar < 0 ? inside : inside.slice(0, bar));
    if (name === "") {
      throw invalidInput("bad_template", `The variable at character ${opened + 1} has no name.`, {
        field: "template",
        at: opened,
      });
    }
    if (opened > at) pieces.push(text.slice(at, opened));
    pieces.push({ name, fallback: bar < 0 ? "" : inside.slice(bar + 1).trim() });
    at = closed + 2;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return { pieces };
}

/** Names of its variables, each once, as they are compared. */
export function variablesOf(template: Template): string[] {
  return [...new Set(template.pieces.flatMap((piece) => (typeof piece === "string" ? [] : [piece.name])))];
}

export function unknownVariables(template: Template, fields: readonly string[]): string[] {
  const known = new Set(fields.map(keyOf));
  return variablesOf(template).filter((name) => !known.has(name));
}

/** Writes the text for one recipient. */
export type Renderer = (values: Readonly<Record<string, string>>) => string;

/**
 * @param fields columns of the list
 * @throws invalid_input `unknown_variables` with their names
 */
export function makeRenderer(template: Template, fields: readonly string[]): Renderer {
  const unknown = unknownVariables(template, fields);
  if (unknown.length > 0) {
    throw invalidInput("unknown_variables", `The list has no column named ${unknown.join(", ")}.`, {
      field: "template",
      variables: unknown,
    });
  }
  const columnOf = new Map(fields.map((field) => [keyOf(field), field]));
  const pieces = template.pieces.map((piece) =>
    typeof piece === "string" ? piece : { column: columnOf.get(piece.name) ?? piece.name, fallback: piece.fallback },
  );
  return (values) => {
    let text = "";
    for (const piece of pieces) text += typeof piece === "string" ? piece : values[piece.column] || piece.fallback;
    return text;
  };
}

/** Where a value can make the text longer or change its encoding, the text is the same for nobody. */
export const isPersonal = (template: Template): boolean => template.pieces.some((piece) => typeof piece !== "string");
