/** The query of a JSON endpoint, read strictly: what cannot be decoded is refused, because it would mean something else. */
import { type ParsedUrlQuery, parse } from "node:querystring";
import { invalidInput } from "#server/kernel/errors.ts";

const noQuery: ParsedUrlQuery = {};

/** @throws invalid_input for percent-encoding that is not UTF-8, or none at all */
export function queryOf(target: string): ParsedUrlQuery {
  const mark = target.indexOf("?");
  if (mark < 0) return noQuery;
  const query = target.slice(mark + 1);
  if (query.includes("%") && !isReadable(query)) throw unreadable(query);
  return parse(query);
}

function unreadable(query: string): Error {
  const [name = ""] =
    query
      .split("&")
      .find((pair) => !isReadable(pair))
      ?.split("=") ?? [];
  const said = "Its percent-encoding is not UTF-8: write a percent sign as %25.";
  return isReadable(name)
    ? invalidInput("invalid_input", `${decodeURIComponent(name)}: ${said}`, { field: decodeURIComponent(name) })
    : invalidInput("invalid_input", `A parameter's name: ${said}`);
}

function isReadable(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}
