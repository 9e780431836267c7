/** Contexts in which the demo is made: a tenant's owner at a given time, or the platform. */
import type { Database } from "#db/client.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

/** The owner of a tenant; `at` lets history be made in its own time, by the verbs themselves. */
export function ownerOf(db: Database, tenantId: string, at?: Date): Context {
  const now = () => at ?? new Date();
  return {
    db,
    clock: { now },
    tenantId,
    actor: { type: "user", id: newId(), name: "Demo", role: "owner" },
    requestId: newId(),
  };
}

export function platform(db: Database, tenantId: string): Context {
  const clock = { now: () => new Date() };
  return { db, clock, tenantId, actor: { type: "job", id: "demo", name: "demo" }, requestId: newId() };
}
