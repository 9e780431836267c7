/** Folds report deltas into the rollups: each delta once, in one statement, however many folders run. */
import type { Database } from "#db/client.ts";

/** Deltas taken by one call. */
export const maxFolded = 5_000;

/**
 * Called every second. The deltas are deleted by the statement that adds them, so a crash loses and doubles nothing;
 * rows that another folder holds are skipped. Rollups are written in the order of their keys, so that two folders
 * never wait for each other in a ring.
 * @returns how many deltas were folded; when it equals maxFolded, call again at once
 */
export async function foldReports({ db }: { db: Database }): Promise<number> {
  const [row] = await db.sql<{ folded: number }[]>`
    with taken as (
      delete from report_deltas where id in (
        select id from report_deltas order by id limit ${maxFolded} for update skip locked)
      returning *
    ), sums as (
      select day, tenant_id, campaign_id, sender_id, operator_id, traffic_class, rate_id,
        sum(accepted_count)::bigint as accepted_count, sum(sent_count)::bigint as sent_count,
        sum(delivered_count)::bigint as delivered_count, sum(failed_count)::bigint as failed_count,
        sum(unknown_count)::bigint as unknown_count, sum(accepted_parts)::bigint as accepted_parts,
        sum(held_parts)::bigint as held_parts, sum(carried_parts)::bigint as carried_parts,
        sum(settled_parts)::bigint as settled_parts, sum(voided_parts)::bigint as voided_parts,
        sum(lapsed_parts)::bigint as lapsed_parts
      from taken
      group by day, tenant_id, campaign_id, sender_id, operator_id, traffic_class, rate_id
      order by day, tenant_id, campaign_id, sender_id, operator_id, traffic_class, rate_id
    ), written as (
      insert into report_rollups as r (day, tenant_id, campaign_id, sender_id, operator_id, traffic_class, rate_id,
        accepted_count, sent_count, delivered_count, failed_count, unknown_count,
        accepted_parts, held_parts, carried_parts, settled_parts, voided_parts, lapsed_parts)
      select * from sums
      on conflict (day, tenant_id, campaign_id, sender_id, operator_id, traffic_class, rate_id) do update set
        accepted_count = r.accepted_count + excluded.accepted_count,
        sent_count = r.sent_count + excluded.sent_count,
        delivered_count = r.delivered_count + excluded.delivered_count,
        failed_count = r.failed_count + excluded.failed_count,
        unknown_count = r.unknown_count + excluded.unknown_count,
        accepted_parts = r.accepted_parts + excluded.accepted_parts,
        held_parts = r.held_parts + excluded.held_parts,
        carried_parts = r.carried_parts + excluded.carried_parts,
        settled_parts = r.settled_parts + excluded.settled_parts,
        voided_parts = r.voided_parts + excluded.voided_parts,
        lapsed_parts = r.lapsed_parts + excluded.lapsed_parts
      returning 1
    )
    select (select count(*) from taken)::int as folded, (select count(*) from written)::int as written`;
  return row?.folded ?? 0;
}
