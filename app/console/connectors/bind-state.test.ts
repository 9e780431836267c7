/** The state that a connector shows follows from its binds: one that does not stand is never hidden by one that does. */
import { expect, it } from "vitest";
import { healthOf, lastErrorOf } from "#app/console/connectors/bind-state.tsx";
import type { Bind } from "#server/domain/routing/list-connectors.ts";

const bind = (bindNumber: number, state: Bind["state"], lastError: string | null = null): Bind => ({
  bindNumber,
  state,
  lastError,
  since: new Date(0),
});

it("is connected only when every bind stands", () => {
  expect(healthOf({ status: "enabled", binds: [bind(1, "bound"), bind(2, "bound")] }).state).toBe("bound");
  expect(healthOf({ status: "enabled", binds: [bind(1, "bound"), bind(2, "waiting")] })).toEqual({
    state: "partly",
    bound: 1,
    total: 2,
  });
  expect(healthOf({ status: "enabled", binds: [bind(1, "lost")] }).state).toBe("lost");
});

it("tells a connector that nobody drives yet from one that is switched off", () => {
  expect(healthOf({ status: "enabled", binds: [] }).state).toBe("starting");
  expect(healthOf({ status: "disabled", binds: [bind(1, "stopped")] }).state).toBe("disabled");
});

it("shows the error of a bind that does not stand, not an old one of a bind that does", () => {
  expect(lastErrorOf([bind(1, "bound", "old"), bind(2, "waiting", "refused")])).toBe("refused");
  expect(lastErrorOf([bind(1, "bound", "old")])).toBeNull();
});
