/** Every action of the audit log, over all rooms: named in one way, written by some verb, and readable in every language. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { campaignSteps } from "#server/domain/campaigns/state.ts";
import { listAudit } from "#server/domain/reports/audit-input.ts";
import { auditActions } from "#server/kernel/audit-actions.ts";

const actions = Object.entries(auditActions).flatMap(([room, verbs]) => verbs.map((verb) => `${room}.${verb}`));
const sources = readdirSync("server/domain", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => readFileSync(`server/domain/${file}`, "utf8"))
  .join("\n");

describe("actions of the audit log", () => {
  it.each(actions)("%s is room.verb in snake_case, which the log's filter takes", (action) => {
    expect(action).toMatch(/^[a-z]+\.[a-z]+(_[a-z]+)*$/);
    expect(listAudit.safeParse({ action }).success).toBe(true);
  });

  it("are all written by some verb", () => {
    const computed = new Set([
      ...campaignSteps.map((step) => `campaigns.${step}`),
      "senders.approve",
      "senders.reject",
      "senders.revoke",
    ]);
    expect(actions.filter((action) => !sources.includes(`"${action}"`) && !computed.has(action))).toEqual([]);
  });

  it.each(["en", "vi", "ru"])("have a text in %s, and no text is left over", (locale) => {
    const file = JSON.parse(readFileSync(`app/_messages/${locale}/audit.json`, "utf8"));
    const texts = Object.entries(file.actions as Record<string, Record<string, string>>);
    const named = texts.flatMap(([room, verbs]) => Object.keys(verbs).map((verb) => `${room}.${verb}`));
    expect(named.sort()).toEqual([...actions].sort());
  });
});
