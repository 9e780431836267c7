/**
 * The catalogue of one language: app/_messages/<locale>/<room>.json, each file under its room's name. A room's own
 * sections `errors` (by error code) and `validation` (by message) also join the catalogue's top-level ones.
 */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Locale } from "#app/_locale/locales.ts";

export type Messages = { [key: string]: string | Messages };

const folder = path.join(/* turbopackIgnore: true */ process.cwd(), "app/_messages");
const shared = ["errors", "validation"] as const;
const cached = new Map<Locale, { messages: Messages; readAtMs: number }>();
/** Short enough that an edited file shows at the next reload, long enough that no request in a burst reads the disk. */
const keepMs = 2_000;

export async function loadMessages(locale: Locale): Promise<Messages> {
  const known = cached.get(locale);
  if (known && Date.now() - known.readAtMs < keepMs) return known.messages;
  const messages = await readCatalogue(path.join(folder, locale));
  cached.set(locale, { messages, readAtMs: Date.now() });
  return messages;
}

async function readCatalogue(directory: string): Promise<Messages> {
  const merged: Messages = {};
  const names = (await readdir(directory)).filter((name) => name.endsWith(".json")).sort();
  for (const name of names) {
    const room = name.slice(0, -".json".length);
    const content = JSON.parse(await readFile(path.join(directory, name), "utf8")) as Messages;
    merged[room] = { ...asSection(merged[room]), ...content };
    for (const section of shared) {
      if (room !== section) merged[section] = { ...asSection(merged[section]), ...asSection(content[section]) };
    }
  }
  return merged;
}

const asSection = (value: Messages[string] | undefined): Messages => (typeof value === "object" ? value : {});
