/** A campaign that has sent everything is not shown as one that still sends. */
import { expect, it } from "vitest";
import { shownStatus } from "#app/console/campaigns/shown-status.ts";

const all = { status: "sending", recipients: 30, refused: 0, accepted: 30, sent: 30, failed: 0, queued: 0 } as const;

it("finishes when carriers have all, whatever the receipts say and whichever figure was read first", () => {
  expect(shownStatus(all)).toBe("finishing");
  expect(shownStatus({ ...all, status: "running" })).toBe("finishing");
  expect(shownStatus({ ...all, refused: 2, accepted: 28, sent: 27, failed: 1 })).toBe("finishing");
});

it("runs while something is left to accept, to take or to count", () => {
  expect(shownStatus({ ...all, status: "running", accepted: 20, sent: 20 })).toBe("running");
  expect(shownStatus({ ...all, queued: 1 })).toBe("sending");
  expect(shownStatus({ ...all, sent: 29 })).toBe("sending");
  expect(shownStatus({ ...all, recipients: 0, accepted: 0, sent: 0 })).toBe("sending");
});

it("says of what does not move what it is", () => {
  for (const status of ["paused", "held", "completed", "stopped"] as const) {
    expect(shownStatus({ ...all, status })).toBe(status);
  }
});
