/**
 * The isolation matrix: every procedure that exists × every role × parent, sibling and stranger. Nothing of theirs may
 * come back, and nothing of theirs may change. A procedure without an entry in attempts.ts fails here.
 */
import { describe, expect, it } from "vitest";
import { DomainError } from "#server/kernel/errors.ts";
import type { Role } from "#server/kernel/permissions.ts";
import { appRouter, createCaller } from "#server/routers/root.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { attempts } from "#tests/isolation/attempts.ts";
import { digestOf, type Holding, makeWorld, type Relation } from "#tests/isolation/world.ts";

const db = await testDatabase();
const roles: Role[] = ["owner", "manager", "sender", "moderator", "finance", "support", "viewer"];
const procedures = Object.keys(appRouter._def.procedures).sort();

type Outcome = { answer?: string; kind?: string; code?: string };

async function tryOn(path: string, role: Role, me: Holding, input: unknown): Promise<Outcome> {
  const caller = createCaller({ caller: contextFor(db, me.tenantId, role) });
  const call = path.split(".").reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], caller);
  try {
    return { answer: asText(await (call as (input: unknown) => Promise<unknown>)(input)) };
  } catch (error) {
    const { cause, code, message } = error as { cause?: unknown; code?: string; message: string };
    const answer = `${message} ${cause instanceof DomainError ? asText(cause.detail) : ""}`;
    return cause instanceof DomainError
      ? { kind: cause.kind, code: cause.code, answer }
      : { kind: code ?? "crash", code: code ?? "crash", answer };
  }
}

const asText = (value: unknown): string =>
  JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v)) ?? "nothing";

/** What must never come back: the mark stands in every text of a holding, the ids name its rows. */
const leaked = (text: string, { mark, senderName, emailId, keyId, routeId }: Holding, sent: string): string[] =>
  [mark, senderName, emailId, keyId, routeId].filter((secret) => text.includes(secret) && !sent.includes(secret));

describe("isolation matrix", () => {
  it("knows every procedure, and no other", () => {
    expect(Object.keys(attempts).sort()).toEqual(procedures);
  });

  it("shows and changes nothing outside the subtree", async () => {
    const world = await makeWorld(db);
    const hostile: Relation[] = ["parent", "sibling", "stranger"];
    const leaks: string[] = [];
    let made = 0;
    for (const path of procedures) {
      const before = await Promise.all(hostile.map((relation) => digestOf(db, world[relation].tenantId)));
      for (const relation of hostile) {
        for (const role of roles) {
          for (const input of attempts[path]?.(world[relation]) ?? []) {
            made += 1;
            const { answer = "" } = await tryOn(path, role, world.self, input);
            for (const secret of leaked(answer, world[relation], asText(input)))
              leaks.push(`${path} as ${role} on ${relation}: ${secret}`);
          }
        }
      }
      const after = await Promise.all(hostile.map((relation) => digestOf(db, world[relation].tenantId)));
      for (const [n, relation] of hostile.entries()) {
        if (before[n] !== after[n])
          leaks.push(`${path} changed a row of the ${relation}: ${difference(before[n], after[n])}`);
      }
    }
    console.log(`isolation matrix: ${procedures.length} procedures, ${made} attempts, ${leaks.length} leaks`);
    expect(leaks).toEqual([]);
    expect(made).toBeGreaterThan(procedures.length * roles.length * hostile.length - 1);
  });

  it("is not empty talk: what is the attacker's own, or below it, is reached by the same inputs", async () => {
    const unreachable: string[] = [];
    for (const path of procedures) {
      const world = await makeWorld(db);
      const outcomes: Outcome[] = [];
      for (const relation of ["child", "self"] as const) {
        for (const input of attempts[path]?.(world[relation]) ?? []) {
          outcomes.push(await tryOn(path, "owner", world.self, input));
        }
      }
      const reached = outcomes.some(
        ({ kind, code }) =>
          kind !== "not_found" && kind !== "NOT_FOUND" && code !== "BAD_REQUEST" && code !== "invalid_input",
      );
      if (!reached) unreachable.push(`${path}: ${outcomes.map((o) => o.code).join(", ")}`);
      for (const { kind, answer } of outcomes)
        if (kind === "INTERNAL_SERVER_ERROR" || kind === "crash") unreachable.push(`${path} crashed: ${answer}`);
    }
    expect(unreachable.filter((line) => !line.startsWith("session."))).toEqual([]);
  });
});

function difference(before = "", after = ""): string {
  const changed = after.split("\n").filter((line) => !before.split("\n").includes(line));
  return changed.map((line) => line.split("=")[0]).join(", ");
}
