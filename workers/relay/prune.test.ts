/** Retention: what is past its time goes, in bounded bites that an index finds; everything else stays. */
import { describe, expect, it } from "vitest";
import { pruneParked } from "#server/domain/delivery/prune-parked.ts";
import { prunePolls } from "#server/domain/delivery/receipt-polls.ts";
import { pruneEndedSessions } from "#server/domain/identity/end-session.ts";
import { pruneLinks } from "#server/domain/identity/prune-links.ts";
import { pruneKeys } from "#server/domain/messages/idempotency.ts";
import { pruneEmails } from "#server/domain/notifications/prune-emails.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { pruneBite } from "#server/kernel/prune.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { loops } from "./loops.ts";

const db = await testDatabase();
const job = jobContext({ db, clock: systemClock }, "prune", nilId, newId());
const tree = await makeTree(db);
const tenantId = tree.partner.id;
const userId = newId();
await db.sql`insert into users (id, tenant_id, email, name, role) values (${userId}, ${tenantId}, 'p@example.test', 'P', 'viewer')`;
const hourMs = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * hourMs);

type Case = {
  table: string;
  column: string;
  verb: (ctx: Context) => Promise<number>;
  keepHours: number;
  put(at: Date, count: number): Promise<unknown>;
};

const cases: Case[] = [
  {
    table: "idempotency_keys",
    column: "created_at",
    verb: pruneKeys,
    keepHours: 25,
    put: (at, count) => db.sql`
      insert into idempotency_keys (tenant_id, key, body_hash, answer, created_at)
      select ${tenantId}, ${newId()} || n, 'x', '{}', ${at} from generate_series(1, ${count}::int) n`,
  },
  {
    table: "parked_receipts",
    column: "received_at",
    verb: pruneParked,
    keepHours: 30 * 24,
    put: (at, count) => db.sql`
      insert into parked_receipts (id, connector_id, carrier_id, msisdn, sender, outcome, detail, received_at)
      select gen_random_uuid(), ${newId()}, n, '84901', 'A', 'delivered', '{}', ${at} from generate_series(1, ${count}::int) n`,
  },
  {
    table: "receipt_polls",
    column: "next_at",
    verb: prunePolls,
    keepHours: 30 * 24,
    put: (at, count) => db.sql`
      insert into receipt_polls (message_id, carrier_id, connector_id, tenant_id, next_at)
      select gen_random_uuid(), n, ${newId()}, ${tenantId}, ${at} from generate_series(1, ${count}::int) n`,
  },
  {
    table: "emails",
    column: "created_at",
    verb: pruneEmails,
    keepHours: 90 * 24,
    put: (at, count) => db.sql`
      insert into emails (id, tenant_id, kind, to_address, subject, html, text, status, dedupe_key, created_at)
      select gen_random_uuid(), ${tenantId}, 'notice', 'a@example.test', 's', 'h', 't', 'kept', ${newId()} || n, ${at}
      from generate_series(1, ${count}::int) n`,
  },
  {
    table: "invitations",
    column: "expires_at",
    verb: pruneLinks,
    keepHours: 30 * 24,
    put: (at, count) => db.sql`
      insert into invitations (id, tenant_id, user_id, purpose, token_hash, expires_at)
      select gen_random_uuid(), ${tenantId}, ${userId}, 'invite', ${newId()} || n, ${at}
      from generate_series(1, ${count}::int) n`,
  },
  {
    table: "ended_sessions",
    column: "expires_at",
    verb: pruneEndedSessions,
    keepHours: 0,
    put: (at, count) => db.sql`
      insert into ended_sessions (id, tenant_id, user_id, expires_at)
      select gen_random_uuid(), ${tenantId}, ${userId}, ${at} from generate_series(1, ${count}::int) n`,
  },
];

const left = async (table: string) => (await db.sql.unsafe(`select 1 from ${table}`)).length;

describe.each(cases)("$table", ({ table, column, verb, keepHours, put }) => {
  it("loses what is past its time, in bites, and nothing younger", async () => {
    await put(ago(keepHours - 1), 3);
    await put(ago(keepHours + 1), pruneBite + 5);
    expect([await verb(job), await verb(job), await verb(job)]).toEqual([pruneBite, 5, 0]);
    expect(await left(table)).toBe(3);
  });

  it("is searched by an index", async () => {
    const plan = await db.asSystem(async (tx) => {
      await tx.sql`set local enable_seqscan = off`;
      return tx.sql.unsafe(`explain select ctid from ${table} where ${column} < now() order by ${column} limit 10`);
    });
    const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
    expect(text).toMatch(/Index (Only )?Scan/);
    expect(text).not.toMatch(/Sort/);
  });

  it("is not for people", async () => {
    await expect(verb(contextFor(db, tenantId))).rejects.toMatchObject({ kind: "forbidden" });
  });
});

it("is done by a loop of the relay, which comes back at once while a bite was full", async () => {
  for (const { keepHours, put } of cases) await put(ago(keepHours + 1), pruneBite + 1);
  const loop = loops(db, async () => {}, systemClock.now).housekeeping.find(({ name }) => name === "prune");
  expect([await loop?.pass(), await loop?.pass()]).toEqual([true, false]);
  for (const { table } of cases) expect(await left(table)).toBe(3);
});
