/** The rows of stored messages as SQL: each day's messages, the carrier's ids, what happened to them, what was told. */
import type postgres from "postgres";

export type Filling = {
  /** The sender at the bottom of the chain; a tenth of all messages is its own, the rest its neighbours'. */
  tenantId: string;
  sender: string;
  senderId: string;
  endpointId: string;
  rateId: string;
  operatorId: string;
  connectorId: string;
  perDay: number;
  days: number;
};

const neighbours = 90;
/** Messages of the last day that still wait. */
const waiting = 20_000;

/** Beside the sender of the chain, under the same parent. Their ids can be told from their number. */
export async function extraTenants(sql: postgres.Sql, { tenantId }: Filling): Promise<void> {
  await sql`
    insert into tenants (id, ancestors, kind, name, currency, country, time_zone)
    select md5('tenant' || n)::uuid, t.ancestors[1 : cardinality(t.ancestors) - 1] || md5('tenant' || n)::uuid,
      'subaccount', 'Neighbour ' || n, t.currency, t.country, t.time_zone
    from tenants t, generate_series(0, ${neighbours - 1}::int) n where t.id = ${tenantId}`;
}

const lineOf = (n: string): string =>
  `'Dear customer, your order ' || ${n} || ' has left our house and will be with you tomorrow.'`;

/** @param day 0 is the oldest, the last one is today */
export function dayStatements(filling: Filling, day: number, fillFactor: number): string[] {
  const { tenantId, sender, senderId, endpointId, rateId, operatorId, connectorId, perDay, days } = filling;
  const date = new Date(Date.now() - (days - 1 - day) * 86_400_000).toISOString().slice(0, 10);
  const mark = date.replaceAll("-", "");
  const startMs = Date.parse(`${date}T00:00:00Z`);
  const isLast = day === days - 1;
  // Of today only what is past: the rest of the day stays empty.
  const lengthMs = isLast ? Math.max(60_000, Date.now() - startMs - 60_000) : 86_400_000;
  const number = `(${day * perDay} + n)`;
  const atMs = `(${startMs} + floor(n * ${lengthMs / (perDay + 1)})::bigint)`;
  const at = `to_timestamp(${atMs} / 1000.0)`;
  const open = isLast ? `n > ${perDay - Math.min(waiting, perDay / 2)}` : "false";
  const status = `case when ${open} then 'queued' when n % 25 = 0 then 'undelivered' when n % 50 = 1 then 'failed' else 'delivered' end`;
  return [
    ...["messages", "carrier_refs", "message_events"].map(
      (table) => `alter table ${table}_${mark} set (fillfactor = ${fillFactor})`,
    ),
    `insert into messages_${mark} (id, tenant_id, batch_id, campaign_id, sender_id, sender, msisdn, text, traffic_class,
       encoding, parts, operator_id, connector_id, rate_id, status, charge_stage, source, receipt, reference, error_code,
       valid_until, sent_at, done_at, created_at)
     select (lpad(to_hex(${atMs}), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '8' || substr(md5('${mark}' || n), 1, 15))::uuid,
       case when n % 10 = 0 then '${tenantId}'::uuid else md5('tenant' || n % ${neighbours})::uuid end,
       md5('batch${mark}' || n / 100)::uuid, case when n % 2 = 0 then md5('campaign${mark}' || n % 20)::uuid end,
       '${senderId}', '${sender}', '8491' || lpad(((${number}::bigint * 7919) % 3000000)::text, 7, '0'), ${lineOf(number)},
       case when n % 2 = 0 then 'bulk' else 'transactional' end, 'gsm7', case when n % 8 = 0 then 2 else 1 end, '${operatorId}',
       '${connectorId}', '${rateId}', ${status}, case when ${open} then 1 when n % 25 = 0 then 5 when n % 50 = 1 then 4 else 3 end,
       case when n % 2 = 0 then 'campaign' else 'http' end, 1, case when n % 3 > 0 then 'INV-' || ${number} end,
       case when n % 25 = 0 then '069' when n % 50 = 1 then 'ESME_RINVDSTADR' end, ${at} + interval '1 day',
       case when not (${open}) then ${at} + interval '1 second' end, case when not (${open}) then ${at} + interval '5 seconds' end, ${at}
     from generate_series(1, ${perDay}) n`,
    // Half of the ids are decimal, half hexadecimal, as two carriers would give them.
    `insert into carrier_refs_${mark} (message_id, carrier_id, connector_id, tenant_id, part_number, outcome, created_at)
     select id, case when n % 2 = 0 then (7000000000 + n * 4 + part)::text else to_hex(12884901888 + n * 4 + part) end,
       connector_id, tenant_id, part, case when parts > 1 then 'delivered' end, sent_at
     from (select *, ${day * perDay} + row_number() over () as n from messages_${mark}) m, generate_series(1, m.parts) part
     where status in ('delivered', 'undelivered')`,
    `insert into message_events_${mark} (message_id, tenant_id, at, kind, part_number, detail)
     select r.message_id, r.tenant_id, r.created_at + e.after, e.kind, r.part_number, jsonb_build_object('connectorId',
       r.connector_id, 'carrierId', r.carrier_id) || e.detail
     from carrier_refs_${mark} r, (values ('response', interval '0', '{"attempt": 1}'::jsonb),
       ('receipt', interval '4 seconds', '{"state": "DELIVRD", "text": "sub:001 dlvrd:001 stat:DELIVRD err:000"}'::jsonb))
       as e (kind, after, detail)`,
    `insert into webhook_attempts (id, tenant_id, endpoint_id, at, outcome, attempt, requests, events, message_ids,
       status_code, duration_ms)
     select (lpad(to_hex((extract(epoch from max(done_at)) * 1000)::bigint + 50), 12, '0') || '7abc8' || substr(md5('${mark}' || place), 1, 15))::uuid,
       '${tenantId}', '${endpointId}', max(done_at), 'delivered', 1, 1, count(*), array_agg(id), 200, 12
     from (select id, done_at, row_number() over (order by id) / 100 as place from messages_${mark}
       where tenant_id = '${tenantId}' and done_at is not null) m group by place`,
    ...(isLast
      ? [
          `insert into send_queue (message_id, connector_id, lane, tenant_id, campaign_id, ready_at, valid_until)
           select id, connector_id, case traffic_class when 'bulk' then 2 else 1 end, tenant_id, campaign_id, created_at, valid_until
           from messages_${mark} where status = 'queued'`,
        ]
      : []),
  ];
}
