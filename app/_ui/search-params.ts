/** The URL is the state of every list: reading and writing its parameters. */

export type SearchParams = { [key: string]: string | string[] | undefined };

/** The first value of a parameter; blank counts as absent. */
export function single(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first?.trim() || undefined;
}

/** A known value of a parameter, or undefined: whatever else people write into the address is ignored. */
export function oneOf<T extends string>(value: string | string[] | undefined, known: readonly T[]): T | undefined {
  const wanted = single(value);
  return known.find((candidate) => candidate === wanted);
}

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id, or undefined. For `cursor` and every filter by id. */
export function idParam(value: string | string[] | undefined): string | undefined {
  const wanted = single(value);
  return wanted && id.test(wanted) ? wanted : undefined;
}

/** The same address with some parameters changed; undefined removes one. */
export function hrefWith(path: string, params: SearchParams, changes: Record<string, string | undefined>): string {
  const next = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...params, ...changes })) {
    const text = single(value);
    if (text) next.set(key, text);
  }
  const query = next.toString();
  return query ? `${path}?${query}` : path;
}
