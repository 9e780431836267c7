/** The state machine of campaigns: what must hold for every sequence of steps. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { campaignStatuses } from "#db/schema/campaigns.ts";
import {
  advanceCampaign,
  type CampaignStatus,
  campaignSteps,
  isOver,
  isUnderWay,
  nextStatus,
  stepsFrom,
} from "#server/domain/campaigns/state.ts";

const steps = fc.array(fc.constantFrom(...campaignSteps), { maxLength: 60 });

function walk(sequence: readonly (typeof campaignSteps)[number][]): CampaignStatus[] {
  const path: CampaignStatus[] = ["draft"];
  for (const step of sequence) {
    const next = nextStatus(path.at(-1) ?? "draft", step);
    if (next) path.push(next);
  }
  return path;
}

describe("the state machine of campaigns", () => {
  it("stays in known statuses, never leaves the end, and never sends again what was stopped", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const path = walk(sequence);
        for (const status of path) expect(campaignStatuses).toContain(status);
        const end = path.findIndex(isOver);
        if (end >= 0) expect(path.slice(end)).toEqual([path[end]]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("goes back to draft only while nothing was sent", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const path = walk(sequence);
        const launched = path.indexOf("running");
        if (launched >= 0) {
          for (const status of path.slice(launched)) {
            expect(["draft", "in_review", "scheduled", "rejected"]).not.toContain(status);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("completes only from sending, sends only after running", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const path = walk(sequence);
        path.forEach((status, i) => {
          if (status === "completed") expect(path[i - 1]).toBe("sending");
          if (status === "sending") expect(path[i - 1]).toBe("running");
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("can always be ended, and reaches every status", () => {
    for (const status of campaignStatuses) {
      const reachable = new Set<CampaignStatus>([status]);
      for (const known of reachable)
        for (const step of stepsFrom(known)) reachable.add(nextStatus(known, step) ?? known);
      expect([...reachable].some(isOver)).toBe(true);
      if (isUnderWay(status)) expect(stepsFrom(status)).toContain("stop");
    }
    const all = new Set<CampaignStatus>(["draft"]);
    for (const known of all) for (const step of stepsFrom(known)) all.add(nextStatus(known, step) ?? known);
    expect([...all].sort()).toEqual([...campaignStatuses].sort());
  });

  it("names the status and the step that it refuses", () => {
    expect(() => advanceCampaign("completed", "pause")).toThrow(
      expect.objectContaining({ code: "campaign_status", detail: { status: "completed", step: "pause" } }),
    );
  });
});
