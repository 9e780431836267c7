/** What must hold after a run, each as a check with what was seen. */
import type { Database } from "#db/client.ts";
import type { Book } from "#scripts/chaos/book.ts";
import { binds, windowSize } from "#scripts/chaos/carriers.ts";
import type { Asked } from "#scripts/chaos/traffic.ts";
import { proveTree } from "#scripts/load/proof.ts";

export type Check = { what: string; holds: boolean; seen: unknown };

export type Row = {
  id: string;
  msisdn: string;
  source: "http" | "smpp" | "campaign";
  status: string;
  errorCode: string | null;
  parts: number;
  possibleDuplicate: boolean;
  policy: "wait" | "resend";
};

export type Found = {
  db: Database;
  tenantId: string;
  rows: Row[];
  /** Submits that the carrier took, by number. */
  carrier: Map<string, number>;
  book: Book;
  asked: Asked;
  kills: number;
};

const ends = new Set(["delivered", "undelivered", "failed", "expired"]);
/** Submits that may be on the wire of one connector when somebody dies. */
const onTheWire = binds * windowSize;
/** Enough of them to start looking. */
const shown = 5;

export const readRows = (db: Database, tenantId: string): Promise<Row[]> => db.sql<Row[]>`
  select m.id, m.msisdn, m.source, m.status, m.error_code as "errorCode", m.parts,
    m.possible_duplicate as "possibleDuplicate", c.unknown_policy as policy
  from messages m join connectors c on c.id = m.connector_id where m.tenant_id = ${tenantId}`;

export async function checksOf(found: Found): Promise<Check[]> {
  return [...acknowledged(found), ...carried(found), ...told(found), ...(await left(found))];
}

/** Everything promised is there, once, and has come to an end. */
function acknowledged({ rows, book, asked }: Found): Check[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const ofNumber = tally(rows, (row) => row.msisdn);
  const promised = [...book.acknowledged.http, ...book.acknowledged.smpp];
  const timesOf = (number: string) => ofNumber.get(number) ?? 0;
  return [
    none(
      "acknowledged and lost",
      promised.filter(([id, to]) => byId.get(id)?.msisdn !== to),
    ),
    none(
      "without an end",
      rows.filter((row) => !ends.has(row.status)),
    ),
    none(
      "asked for over HTTP or by a campaign, and there not once",
      [...asked.http, ...asked.campaign].filter((n) => timesOf(n) !== 1),
    ),
    none(
      "asked for over SMPP, refused for a while and asked for again, and there more than once",
      asked.smpp.filter((number) => timesOf(number) > 1),
    ),
    none("refused", book.refused),
  ];
}

/** Each at the carrier once; twice only where the policy is to send again, and then marked. */
function carried({ rows, carrier, kills }: Found): Check[] {
  const times = (row: Row) => carrier.get(row.msisdn) ?? 0;
  const twice = rows.filter((row) => times(row) > row.parts);
  const resent = twice.filter((row) => row.policy === "resend");
  const took = rows.filter((row) => row.status !== "failed" && times(row) === 0);
  const givenBack = rows.filter((row) => row.status === "failed" && times(row) > 0);
  const most = kills * onTheWire * 2;
  return [
    none(
      "twice at the carrier under “wait”",
      twice.filter((row) => row.policy === "wait"),
    ),
    { what: `twice at the carrier under “resend”, at most ${most}`, holds: resent.length <= most, seen: resent.length },
    none(
      "twice at the carrier without a mark",
      twice.filter((row) => !row.possibleDuplicate),
    ),
    none("ended as if at the carrier, and not there", took),
    none("given back, and at the carrier", givenBack),
  ];
}

/** Callbacks for every message, receipts for every message of an SMPP client, each with the end that is stored. */
function told({ rows, book }: Found): Check[] {
  const smpp = rows.filter((row) => row.source === "smpp");
  const isSame = (row: Row) => (book.receipts.get(row.id) === "DELIVRD") === (row.status === "delivered");
  return [
    none(
      "callbacks missing",
      rows.filter((row) => !book.callbacks.has(row.id)),
    ),
    none(
      "callbacks that say something else",
      rows.filter((row) => (book.callbacks.get(row.id) ?? row.status) !== row.status),
    ),
    none(
      "SMPP receipts missing",
      smpp.filter((row) => !book.receipts.has(row.id)),
    ),
    none(
      "SMPP receipts that say something else",
      smpp.filter((row) => book.receipts.has(row.id) && !isSame(row)),
    ),
    none("told one end and then another", book.changed),
  ];
}

/** Nothing is left over in any queue, and the money agrees. */
async function left({ db, tenantId }: Found): Promise<Check[]> {
  const [queues = {}] = await db.sql<Record<string, number>[]>`
    select (select count(*)::int from send_queue where tenant_id = ${tenantId}) as waiting,
      (select count(*)::int from outgoing_receipts where tenant_id = ${tenantId}) as "to be told",
      (select count(*)::int from webhook_retries where tenant_id = ${tenantId}) as "to be told again",
      (select count(*)::int from smpp_parts where tenant_id = ${tenantId}) as "parts without the others"`;
  const campaigns = await db.sql`
    select id, status, expanded_to from campaigns where tenant_id = ${tenantId} and status <> 'completed'`;
  const proof = await proveTree(db);
  return [
    { what: "left in queues", holds: Object.values(queues).every((count) => count === 0), seen: queues },
    none("campaigns that did not end", campaigns),
    { what: "the ledger agrees at every level", holds: proof.isClean, seen: proof.summary },
  ];
}

export function tally(rows: readonly Row[], key: (row: Row) => string): Map<string, number> {
  const counted = new Map<string, number>();
  for (const row of rows) counted.set(key(row), (counted.get(key(row)) ?? 0) + 1);
  return counted;
}

const none = (what: string, items: readonly unknown[]): Check => ({
  what,
  holds: items.length === 0,
  seen: items.length === 0 ? 0 : { count: items.length, first: items.slice(0, shown) },
});
