/** Orders the flat list of a subtree as a tree is read: each tenant before those below it, names in order. */

type Node = { id: string; parentId: string | null; name: string };

/** @returns the rows in reading order, each with its depth below the first */
export function inTreeOrder<T extends Node>(rows: T[], rootId: string): (T & { depth: number })[] {
  const below = childrenByParent(rows);
  const root = rows.find((row) => row.id === rootId);
  const ordered: (T & { depth: number })[] = [];
  function walk(row: T, depth: number) {
    ordered.push({ ...row, depth });
    const children = [...(below.get(row.id) ?? [])].sort((a, b) => a.name.localeCompare(b.name));
    for (const child of children) walk(child, depth + 1);
  }
  if (root) walk(root, 0);
  return ordered;
}

function childrenByParent<T extends Node>(rows: T[]): Map<string, T[]> {
  const below = new Map<string, T[]>();
  for (const row of rows) {
    const siblings = below.get(row.parentId ?? "") ?? [];
    siblings.push(row);
    below.set(row.parentId ?? "", siblings);
  }
  return below;
}
