/** Five tenants in known relation, each owning one of everything, every text of theirs carrying a mark of its own. */
import type { Database } from "#db/client.ts";
import { openAccounts } from "#server/domain/ledger/accounts.ts";
import { httpDescription } from "#server/domain/routing/http-description.ts";
import { newSecret } from "#server/domain/webhooks/signature.ts";
import { hashToken, seal } from "#server/kernel/crypto.ts";
import { newId } from "#server/kernel/id.ts";
import { described } from "#tests/carriers/partner.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

export const relations = ["self", "child", "parent", "sibling", "stranger"] as const;
export type Relation = (typeof relations)[number];

/** The ids of what one tenant owns. `mark` occurs in every text of it and nowhere else. */
export type Holding = {
  mark: string;
  tenantId: string;
  userId: string;
  email: string;
  keyId: string;
  senderId: string;
  senderName: string;
  listId: string;
  campaignId: string;
  priceListId: string;
  orderId: string;
  connectorId: string;
  httpConnectorId: string;
  /** The unguessable part of the address that takes its partner's receipts. */
  receiptToken: string;
  routeId: string;
  smppAccountId: string;
  webhookId: string;
  replayId: string;
  messageId: string;
  batchId: string;
  caseId: string;
  filterId: string;
  emailId: string;
  host: string;
  msisdn: string;
};

export type World = Record<Relation, Holding>;

/** The attacker stands at the partner: its child, its parent, a sibling and a stranger stand around it. */
export async function makeWorld(db: Database): Promise<World> {
  const tree = await makeTree(db);
  const strangerSeller = newId();
  await db.sql`insert into tenants (id, ancestors, kind, name, currency, country, time_zone)
    values (${strangerSeller}, array[${strangerSeller}]::uuid[], 'aggregator', 'Far away', 'EUR', 'DE', 'UTC')`;
  return {
    self: await hold(db, tree.partner.id, tree.company.id, "1"),
    child: await hold(db, tree.subaccount.id, tree.partner.id, "2"),
    parent: await hold(db, tree.company.id, tree.aggregator.id, "3"),
    sibling: await hold(db, tree.sibling.id, tree.company.id, "4"),
    stranger: await hold(db, tree.stranger.id, strangerSeller, "5"),
  };
}

async function hold(db: Database, tenantId: string, sellerId: string, digit: string): Promise<Holding> {
  const mark = `zq${digit}${newId().slice(-8)}`;
  const h: Holding = {
    mark,
    tenantId,
    userId: newId(),
    email: `${mark}@example.test`,
    keyId: newId(),
    senderId: newId(),
    senderName: `Q${digit}${mark.slice(-6)}`,
    listId: newId(),
    campaignId: newId(),
    priceListId: newId(),
    orderId: newId(),
    connectorId: newId(),
    httpConnectorId: newId(),
    receiptToken: `${mark}-${newId()}`,
    routeId: newId(),
    smppAccountId: newId(),
    webhookId: newId(),
    replayId: newId(),
    messageId: newId(),
    batchId: newId(),
    caseId: newId(),
    filterId: newId(),
    emailId: newId(),
    host: `${mark}.localhost`,
    msisdn: `8490${digit}${Number.parseInt(mark.slice(-5), 16).toString().padStart(7, "0").slice(0, 6)}`,
  };
  await db.asSystem(async (tx) => {
    const { sql } = tx;
    await sql`update tenants set name = ${`Tenant ${mark}`} where id = ${tenantId}`;
    await sql`insert into users (id, tenant_id, email, name, role, status) values (${h.userId}, ${tenantId}, ${h.email}, ${mark}, 'viewer', 'active')`;
    await sql`insert into api_keys (id, tenant_id, name, prefix, key_hash, scopes, allowed_ips)
      values (${h.keyId}, ${tenantId}, ${mark}, ${mark}, ${mark}, '{messages.read}', '{}')`;
    await sql`insert into senders (id, tenant_id, name, status, purpose) values (${h.senderId}, ${tenantId}, ${h.senderName}, 'approved', ${mark})`;
    await sql`insert into recipient_lists (id, tenant_id, name, file_name, status, fields, row_count, accepted_count, invalid_count)
      values (${h.listId}, ${tenantId}, ${mark}, ${mark}, 'ready', '{name}', 2, 1, 1)`;
    await sql`insert into recipients (list_id, ordinal, tenant_id, msisdn, operator_id, fields)
      values (${h.listId}, 1, ${tenantId}, ${h.msisdn}, 'vn-mobifone', ${sql.json({ name: mark })})`;
    await sql`insert into rejected_rows (list_id, row_number, tenant_id, value, reason) values (${h.listId}, 3, ${tenantId}, ${mark}, 'invalid')`;
    await sql`insert into opt_outs (tenant_id, msisdn, source, note) values (${tenantId}, ${h.msisdn}, 'console', ${mark})`;
    await sql`insert into campaigns (id, tenant_id, name, sender_id, list_id, template, recipient_count)
      values (${h.campaignId}, ${tenantId}, ${mark}, ${h.senderId}, ${h.listId}, ${mark}, 1)`;
    await sql`insert into price_lists (id, tenant_id, name, currency, post_on) values (${h.priceListId}, ${sellerId}, ${mark}, 'VND', 'delivered')`;
    await sql`insert into orders (id, number, seller_id, buyer_id, price_list_id, kind, currency, post_on, amount_micros, valid_from, valid_until, note, status, signed_at)
      values (${h.orderId}, ${mark}, ${sellerId}, ${tenantId}, ${h.priceListId}, 'prepaid', 'VND', 'delivered', 1000000, now(), now() + interval '1 day', ${mark}, 'active', now())`;
    await openAccounts(
      { ...contextFor(db, sellerId), tx },
      { orderId: h.orderId, kind: "prepaid", currency: "VND", amountMicros: 1_000_000n, partsLimit: null },
    );
    await sql`insert into connectors (id, tenant_id, name, host, port, system_id, password_sealed)
      values (${h.connectorId}, ${tenantId}, ${mark}, '127.0.0.1', 2775, ${mark}, ${mark})`;
    await sql`insert into connectors (id, tenant_id, kind, name, host, port, system_id, password_sealed)
      values (${h.httpConnectorId}, ${tenantId}, 'http', ${mark}, '127.0.0.1', 9, ${mark}, ${seal(mark, h.httpConnectorId)})`;
    await sql`insert into http_connectors (connector_id, tenant_id, description, receipt_hash, receipt_sealed)
      values (${h.httpConnectorId}, ${tenantId}, ${sql.json(partnerOf(mark))},
        ${hashToken(h.receiptToken)}, ${seal(h.receiptToken, h.httpConnectorId)})`;
    await sql`insert into receipt_polls (message_id, carrier_id, connector_id, tenant_id, next_at)
      values (${h.messageId}, ${mark}, ${h.httpConnectorId}, ${tenantId}, now() + interval '1 day')`;
    await sql`insert into connector_binds (connector_id, bind_number, tenant_id, state, last_error, since, seen_at)
      values (${h.connectorId}, 1, ${tenantId}, 'stopped', ${mark}, now(), now())`;
    await sql`insert into connector_errors (connector_id, tenant_id, kind, code, verdict)
      values (${h.connectorId}, ${tenantId}, 'submit', 'ESME_RSYSERR', 'fail')`;
    await sql`insert into routes (id, tenant_id, connector_id, status) values (${h.routeId}, ${tenantId}, ${h.connectorId}, 'disabled')`;
    await sql`insert into smpp_accounts (id, tenant_id, name, system_id, password_hash, allowed_ips)
      values (${h.smppAccountId}, ${tenantId}, ${mark}, ${mark}, ${mark}, '{}')`;
    await sql`insert into smpp_binds (id, account_id, tenant_id, owner, mode, ip, tls, version, since)
      values (${newId()}, ${h.smppAccountId}, ${tenantId}, ${mark}, 'transceiver', ${mark}, false, 52, now())`;
    await sql`insert into messages (id, tenant_id, batch_id, campaign_id, sender_id, sender, msisdn, text, traffic_class, encoding, parts, operator_id,
        connector_id, rate_id, status, charge_stage, source, reference, valid_until)
      values (${h.messageId}, ${tenantId}, ${h.batchId}, ${h.campaignId}, ${h.senderId}, ${h.senderName}, ${h.msisdn}, ${mark}, 'bulk', 'gsm7', 1, 'vn-mobifone',
        ${h.connectorId}, ${newId()}, 'review', 1, 'http', ${mark}, now() + interval '1 day')`;
    await sql`insert into message_events (message_id, tenant_id, at, kind, detail) values (${h.messageId}, ${tenantId}, now(), 'accepted', ${sql.json({ mark })})`;
    await sql`insert into webhook_endpoints (id, tenant_id, url, description, events, secret_sealed)
      values (${h.webhookId}, ${tenantId}, ${`http://127.0.0.1:9/${mark}`}, ${mark}, '{message.delivered}', ${seal(newSecret(), h.webhookId)})`;
    await sql`insert into webhook_attempts (id, tenant_id, endpoint_id, at, outcome, attempt, requests, events, message_ids, duration_ms, error)
      values (${newId()}, ${tenantId}, ${h.webhookId}, now(), 'retried', 1, 1, 1, ${[h.messageId]}::uuid[], 1, ${mark})`;
    await sql`insert into webhook_replays (id, tenant_id, endpoint_id, from_at, to_at)
      values (${h.replayId}, ${tenantId}, ${h.webhookId}, now() - interval '1 day', now())`;
    await sql`insert into moderation_cases (id, tenant_id, subject_type, subject_id, sender_name, sample_text, cause, policy_tenant_id)
      values (${h.caseId}, ${tenantId}, 'batch', ${h.batchId}, ${h.senderName}, ${mark}, ${mark}, ${tenantId})`;
    await sql`insert into keyword_filters (id, tenant_id, phrase, action) values (${h.filterId}, ${tenantId}, ${mark}, 'review')`;
    await sql`insert into moderation_policies (tenant_id, mode) values (${tenantId}, 'filters')`;
    await sql`insert into contracts (tenant_id, set_by_tenant_id, max_per_second) values (${tenantId}, ${tenantId}, 90)`;
    await sql`insert into queue_depths (tenant_id, connector_id, lane, waiting, held, scheduled, sampled_at)
      values (${tenantId}, ${h.connectorId}, 2, 5, 0, 0, now())`;
    await sql`insert into connector_rates (connector_id, tenant_id, per_second, seen_at)
      values (${h.connectorId}, ${tenantId}, 10, now())`;
    await sql`insert into emails (id, tenant_id, kind, to_address, subject, html, text, status, dedupe_key)
      values (${h.emailId}, ${tenantId}, 'notice', ${h.email}, ${mark}, ${mark}, ${mark}, 'kept', ${mark})`;
    await sql`insert into brands (tenant_id, product_name, primary_color, accent_color) values (${tenantId}, ${mark}, '#114488', '#882244')`;
    await sql`insert into brand_hosts (host, tenant_id, verified_at) values (${h.host}, ${tenantId}, now())`;
    await sql`insert into audit_log (id, tenant_id, actor_type, actor_id, actor_name, action, subject_type, subject_id, detail, request_id)
      values (${newId()}, ${tenantId}, 'user', ${h.userId}, ${mark}, 'users.update', 'user', ${h.userId}, ${sql.json({ mark })}, ${mark})`;
  });
  return h;
}

/** Its receipts name our ids, in fields: the most that a partner may say. */
const partnerOf = (mark: string) =>
  httpDescription.parse(
    described(`http://127.0.0.1:9/${mark}`, {
      receipts: {
        kind: "callback",
        idIs: "ours",
        id: { from: "field", path: "id" },
        status: { from: "field", path: "state" },
      },
    }),
  );

/** A digest of every row that belongs to a tenant, over all tables that have tenants: an attack must not change it. */
export async function digestOf(db: Database, tenantId: string): Promise<string> {
  const tables = await db.sql<{ name: string }[]>`
    select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE'
      -- What passes at this moment under a contract, a sub-account's traffic included: the platform's, and shown to nobody.
      and c.table_name <> 'contract_uses'
      and not exists (select from pg_inherits where inhrelid = (quote_ident(c.table_name))::regclass)
    order by 1`;
  const parts: string[] = [];
  for (const { name } of tables) {
    const [row] = await db.sql.unsafe(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from "${name}" t where tenant_id = $1`,
      [tenantId],
    );
    parts.push(`${name}=${row?.digest}`);
  }
  const [own] =
    await db.sql`select md5(coalesce(string_agg(t::text, '|' order by id), '')) as digest from tenants t where id = ${tenantId}`;
  const [orders] =
    await db.sql`select md5(coalesce(string_agg(o::text, '|' order by id), '')) as digest from orders o where buyer_id = ${tenantId}`;
  return [...parts, `tenants=${own?.digest}`, `orders=${orders?.digest}`].join("\n");
}
