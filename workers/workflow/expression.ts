/** The part of CEL that is understood: comparisons joined by &&, and keys made of paths and texts joined by +. */

/** A path such as event.data.orderId, a literal, or null for a key that is missing. */
type Operand = { root: "event" | "async"; path: string[] } | { literal: unknown };
export type Comparison = { left: Operand; operator: "==" | "!="; right: Operand };
/** A comparison of which one side is filled in: what is left is a question to the event that comes. */
export type Condition = { path: string[]; operator: "==" | "!="; value: unknown };
type Roots = { event?: unknown; async?: unknown };

const token =
  /\s*(?:(==|!=|&&|\+)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)|((?:event|async)(?:\.[A-Za-z_]\w*)+)|(true|false|null))\s*/y;

/**
 * @param roots which names the expression may use: a trigger knows the event only, a wait or a cancel also `async`
 * @throws Error that names the part that is not understood
 */
export function parseCondition(text: string, roots: readonly ("event" | "async")[]): Comparison[] {
  const parts = tokens(text, roots);
  const comparisons: Comparison[] = [];
  for (let at = 0; at < parts.length; at += 4) {
    const [left, operator, right, joint] = parts.slice(at, at + 4);
    const isJoined = joint === undefined ? at + 3 === parts.length : joint === "&&" && at + 4 < parts.length;
    if (!isOperand(left) || (operator !== "==" && operator !== "!=") || !isOperand(right) || !isJoined) {
      throw notUnderstood(text);
    }
    comparisons.push({ left, operator, right });
  }
  if (comparisons.length === 0) throw notUnderstood(text);
  return comparisons;
}

/** A key: `event.data.userId`, or several joined as `event.data.a + "-" + event.data.b`. */
export function parseKey(text: string): Operand[] {
  const parts = tokens(text, ["event"]);
  const operands = parts.filter((_, at) => at % 2 === 0).filter(isOperand);
  const joints = parts.filter((_, at) => at % 2 === 1);
  if (parts.length % 2 === 0 || operands.length !== joints.length + 1 || joints.some((joint) => joint !== "+")) {
    throw notUnderstood(text);
  }
  return operands;
}

/** A missing key makes a comparison false, as CEL's error would. */
export function isTrue(comparisons: readonly Comparison[], roots: Roots): boolean {
  return comparisons.every(({ left, operator, right }) => compare(read(left, roots), operator, read(right, roots)));
}

/**
 * Fills in the run's own side.
 * @returns what remains to ask of the awaited event, or null when it can never be true
 */
export function conditionsFor(comparisons: readonly Comparison[], event: unknown): Condition[] | null {
  const open: Condition[] = [];
  for (const { left, operator, right } of comparisons) {
    const asked = "root" in left && left.root === "async" ? left : right;
    const other = asked === left ? right : left;
    const value = read(other, { event });
    if ("root" in asked && asked.root === "async" && !("root" in other && other.root === "async")) {
      if (value === undefined) return null;
      open.push({ path: asked.path, operator, value });
    } else if (!compare(read(left, { event }), operator, read(right, { event }))) return null;
  }
  return open;
}

export function holds(conditions: readonly Condition[], event: unknown): boolean {
  return conditions.every(({ path, operator, value }) => compare(at(event, path), operator, value));
}

/** The text of a key for an event; a missing part reads as "null". */
export function keyText(key: readonly Operand[], event: unknown): string {
  const text = key.map((operand) => keyPart(read(operand, { event }))).join("");
  // Postgres holds every character in a text but NUL.
  return text.replaceAll("\u0000", "\\0");
}

/** What stands at a path of an event, or undefined. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === "object" && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

const keyPart = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value ?? null));

function read(operand: Operand, roots: Roots): unknown {
  return "literal" in operand ? operand.literal : at(roots[operand.root], operand.path);
}

function compare(left: unknown, operator: "==" | "!=", right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  return (JSON.stringify(left) === JSON.stringify(right)) === (operator === "==");
}

function tokens(text: string, roots: readonly string[]): (Operand | string)[] {
  const parts: (Operand | string)[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) throw notUnderstood(text);
    const [, sign, double, single, number, path, word] = match;
    const [root, ...keys] = path?.split(".") ?? [];
    if (sign) parts.push(sign);
    else if (root === "event" || root === "async") {
      if (!roots.includes(root)) throw new Error(`"${text}" uses "${root}", which has no meaning here.`);
      parts.push({ root, path: keys });
    } else if (number !== undefined) parts.push({ literal: Number(number) });
    else if (word) parts.push({ literal: JSON.parse(word) });
    else parts.push({ literal: (double ?? single ?? "").replace(/\\(.)/g, "$1") });
  }
  return parts;
}

const isOperand = (part: Operand | string | undefined): part is Operand => typeof part === "object";

const notUnderstood = (text: string) =>
  new Error(
    `The expression "${text}" is not supported: only comparisons (== and !=) of paths and literals joined by &&, and keys of paths joined by +.`,
  );
