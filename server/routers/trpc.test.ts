/** The table from errors to tRPC's answers. */
import { expect, it } from "vitest";
import { DomainError } from "#server/kernel/errors.ts";
import { createCallerFactory, procedure, router } from "#server/routers/trpc.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();

it("tells input errors, also those that only the database noticed, from errors of our own", async () => {
  const tree = await makeTree(db);
  const test = router({
    domain: procedure.query(() => {
      throw new DomainError("rate_limited", "busy", "Wait.");
    }),
    value: procedure.query(() => db.sql`select ${new Date(8.64e15)}::timestamptz`),
    ours: procedure.query(() => db.sql`select secret from nowhere`),
  });
  const caller = createCallerFactory(test)({ caller: contextFor(db, tree.partner.id) });
  await expect(caller.domain()).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS", cause: { code: "busy" } });
  await expect(caller.value()).rejects.toMatchObject({ code: "BAD_REQUEST", cause: { code: "invalid_input" } });
  await expect(caller.ours()).rejects.toMatchObject({
    code: "INTERNAL_SERVER_ERROR",
    message: expect.not.stringContaining("nowhere"),
  });
});
