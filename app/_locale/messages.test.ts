/** Every text exists in every language, is translated, and takes the same arguments. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { acceptedLocale, locales } from "#app/_locale/locales.ts";
import type { Messages } from "#app/_locale/messages.ts";

const folder = path.join(import.meta.dirname, "../_messages");
const rooms = readdirSync(path.join(folder, "en")).sort();

/** Texts that are rightly the same in English and another language: names, abbreviations, formats. */
const untranslatable = /^[\s\d\p{P}\p{S}]*$|^[A-Z0-9 .:/+-]{1,12}$|^\{[^{}]+\}( [A-Za-z/%]{1,4})?$/u;

function flatten(tree: Messages, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

const read = (locale: string, room: string) =>
  flatten(JSON.parse(readFileSync(path.join(folder, locale, room), "utf8")) as Messages);

/** Names of the arguments of an ICU message, also of those inside the branches of a plural or select. */
function argumentsOf(text: string): string[] {
  const names = new Set<string>();
  for (const block of blocksOf(text)) {
    const [, name = "", rest = ""] = /^\s*(\w+)\s*(?:,([\s\S]*))?$/.exec(block) ?? [];
    if (name) names.add(name);
    for (const branch of blocksOf(rest)) for (const inner of argumentsOf(branch)) names.add(inner);
  }
  return [...names].sort();
}

/** What stands between the outermost braces. */
function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [at, character] of [...text].entries()) {
    if (character === "{" && depth++ === 0) start = at + 1;
    if (character === "}" && --depth === 0) blocks.push([...text].slice(start, at).join(""));
  }
  return blocks;
}

describe("the catalogue", () => {
  it.each(locales)("has the same rooms in %s", (locale) => {
    expect(readdirSync(path.join(folder, locale)).sort()).toEqual(rooms);
  });

  describe.each(rooms)("%s", (room) => {
    const english = read("en", room);
    it.each(["vi", "ru"])("has the same keys and arguments in %s, and nothing empty or left in English", (locale) => {
      const other = read(locale, room);
      expect([...other.keys()].sort()).toEqual([...english.keys()].sort());
      const wrong = [...english].flatMap(([key, text]) => {
        const translated = other.get(key) ?? "";
        const isSame = translated === text && !untranslatable.test(text) && !sameOnPurpose.has(text);
        const isEmpty = translated.trim() === "";
        const hasOtherArguments = `${argumentsOf(translated)}` !== `${argumentsOf(text)}`;
        return isSame || isEmpty || hasOtherArguments ? [`${key}: ${translated}`] : [];
      });
      expect(wrong).toEqual([]);
    });
  });
});

/** Words that the field uses in English everywhere. */
const sameOnPurpose = new Set(["E-mail", "Email", "Unicode", "Webhook", "SMS", "Brandname", "Campaign ID", "Token"]);

describe("the language of a new visitor", () => {
  it.each([
    ["vi-VN,vi;q=0.9,en;q=0.8", "vi"],
    ["fr;q=0.9, ru;q=0.8, en;q=0.1", "ru"],
    ["en;q=0, vi;q=0.3", "vi"],
    ["fr", null],
    [null, null],
  ])("reads %s as %s", (header, expected) => {
    expect(acceptedLocale(header)).toBe(expected);
  });
});

it("reads the arguments of a text, not the words of its branches", () => {
  expect(argumentsOf("{count, plural, =0 {nobody} other {# of {total}}} at {name}")).toEqual([
    "count",
    "name",
    "total",
  ]);
});
