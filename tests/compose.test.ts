/** The compose file names only settings, processes, scripts and files that there are: nobody finds out on the day. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { processNames, readEnv } from "#env.ts";

const compose = readFileSync("deploy/compose.yml", "utf8");
const [shared = "", ...named] = compose.split(/^ {2}(?=[a-z][\w-]*:$)/m);
const services = new Map(named.map((text) => [text.slice(0, text.indexOf(":")), text]));
const ours = [...services].filter(([, text]) => text.includes("<<: *banyan"));

/** NAME: value, of a block of text. */
function environmentOf(text: string): Record<string, string> {
  const entries = [...text.matchAll(/^ +([A-Z][A-Z0-9_]+): (.*)$/gm)];
  return Object.fromEntries(entries.map(([, name = "", value = ""]) => [name, value.replace(/^"(.*)"$/, "$1")]));
}

/** As compose fills them in: an example of each secret, and what stands behind `:-`. */
const examples: Record<string, string> = {
  BASE_URL: "https://sms.example.com",
  ENCRYPTION_KEY: Buffer.alloc(32).toString("base64"),
  AUTH_SECRET: "0123456789abcdef",
  INNGEST_EVENT_KEY: "01234567",
  INNGEST_SIGNING_KEY_HEX: "0123456789abcdef",
  POOL_PASSWORD: "pool",
  POSTGRES_PASSWORD: "owner",
};
const filled = (value: string): string =>
  value.replace(/\$\{(\w+)(?::-([^}]*)|:\?)?\}/g, (_, name: string, otherwise?: string) => {
    if (otherwise === undefined) expect(examples).toHaveProperty(name);
    return examples[name] ?? otherwise ?? "";
  });

describe("deploy/compose.yml", () => {
  it("has two of each that carry traffic", () => {
    expect(ours.map(([name]) => name)).toEqual(["edge", "smpp-in-1", "smpp-in-2", "smpp-out", "control"]);
  });

  it.each(ours)("gives %s settings that exist, with values that are taken", (_, text) => {
    const settings = { ...environmentOf(shared), ...environmentOf(text) };
    const given = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, filled(value)]));
    const read = readEnv({ NODE_ENV: "production", ...given });
    expect(Object.keys(settings).filter((name) => !(name in read) && given[name] !== "")).toEqual([]);
    expect(read.PROCESSES.length).toBeGreaterThan(0);
  });

  it("runs every process somewhere, but the simulator and the workflow server that Inngest stands in for", () => {
    const run = ours.flatMap(([, text]) => (environmentOf(text).PROCESSES ?? "").split(","));
    const missing = processNames.filter((name) => !run.includes(name));
    expect(missing).toEqual(["workflow", "simulator"]);
  });

  it("builds from files that are there, with scripts that are there", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
    const image = readFileSync("deploy/Dockerfile", "utf8");
    const run = [...image.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? "");
    expect([...run, "start"].filter((name) => !(name in scripts))).toEqual([]);
    const mounted = [...compose.matchAll(/\.\/([\w.-]+):\//g)].map(([, name]) => `deploy/${name}`);
    const built = [...compose.matchAll(/context: (\S+), dockerfile: ([\w./-]+)/g)].map(([, context, file]) =>
      context === ".." ? file : `deploy/${file}`,
    );
    const copied = [...image.matchAll(/^COPY ([\w.-]+(?: [\w.-]+)*) [\w./]+$/gm)].flatMap(([, names]) =>
      (names ?? "").split(" "),
    );
    for (const file of [...mounted, ...built, ...copied]) expect(existsSync(file ?? ""), file).toBe(true);
    expect([mounted.length, built.length, copied.length]).toEqual([2, 2, 4]);
  });
});
