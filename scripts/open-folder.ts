/** A folder in the system's place for temporary files that the database's own account may enter, as root's may not be. */
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** What is secret in it has rights of its own. @returns its path */
export function openFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `banyan-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}
