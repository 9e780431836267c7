-- What drizzle-kit cannot write: roles, row-level security, append-only tables, the ledger's zero sum, day partitions.

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'banyan_app') THEN CREATE ROLE banyan_app NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'banyan_system') THEN CREATE ROLE banyan_system NOLOGIN; END IF;
  EXECUTE format('GRANT banyan_app, banyan_system TO %I', current_user);
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO banyan_app, banyan_system;
--> statement-breakpoint
-- Tenants in the scope of the current transaction: app.tenant_id and everything below it. No setting, no rows.
CREATE FUNCTION banyan_scope() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT coalesce(array_agg(id), '{}') FROM tenants
  WHERE ancestors @> ARRAY[nullif(current_setting('app.tenant_id', true), '')::uuid]
$$;
--> statement-breakpoint
-- Puts a table behind the wall. Every new table calls it once, in the migration that creates it:
-- banyan_app sees rows for which the condition holds; banyan_system (data plane, jobs) sees all.
CREATE FUNCTION banyan_guard(target regclass, condition text DEFAULT 'tenant_id = ANY ((SELECT banyan_scope())::uuid[])')
RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY app_scope ON %s TO banyan_app USING (%s)', target, condition);
  EXECUTE format('CREATE POLICY system_all ON %s TO banyan_system USING (true) WITH CHECK (true)', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO banyan_app, banyan_system', target);
END $$;
--> statement-breakpoint
-- Makes a table insert-only, for everybody.
CREATE FUNCTION banyan_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE FUNCTION banyan_append_only(target regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM banyan_app, banyan_system', target);
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION banyan_refuse_change()', target);
END $$;
--> statement-breakpoint
SELECT banyan_guard('tenants', 'ancestors @> ARRAY[nullif(current_setting(''app.tenant_id'', true), '''')::uuid]');
--> statement-breakpoint
SELECT banyan_guard(t::regclass) FROM unnest(ARRAY[
  'users','invitations','api_keys','audit_log','outbox','brands','brand_hosts','emails','senders','sender_decisions',
  'moderation_policies','keyword_filters','moderation_cases','recipient_lists','recipients','rejected_rows','opt_outs',
  'connectors','connector_binds','routes','rates','messages','message_events','send_queue','carrier_refs',
  'idempotency_keys','campaigns','campaign_refusals','report_deltas','report_rollups'
]) AS t;
--> statement-breakpoint
SELECT banyan_guard('operators', 'true'), banyan_guard('operator_prefixes', 'true');
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON operators, operator_prefixes FROM banyan_app;
--> statement-breakpoint
SELECT banyan_guard('connector_leases', 'false');
--> statement-breakpoint
SELECT banyan_guard('parked_receipts',
  'EXISTS (SELECT FROM connectors c WHERE c.id = connector_id AND c.tenant_id = ANY ((SELECT banyan_scope())::uuid[]))');
--> statement-breakpoint
SELECT banyan_guard('orders',
  'seller_id = ANY ((SELECT banyan_scope())::uuid[]) OR buyer_id = ANY ((SELECT banyan_scope())::uuid[])');
--> statement-breakpoint
SELECT banyan_guard('price_lists',
  'tenant_id = ANY ((SELECT banyan_scope())::uuid[]) OR EXISTS (SELECT FROM orders o WHERE o.price_list_id = price_lists.id AND o.buyer_id = ANY ((SELECT banyan_scope())::uuid[]))');
--> statement-breakpoint
SELECT banyan_guard('price_list_items',
  'tenant_id = ANY ((SELECT banyan_scope())::uuid[]) OR EXISTS (SELECT FROM orders o WHERE o.price_list_id = price_list_items.price_list_id AND o.buyer_id = ANY ((SELECT banyan_scope())::uuid[]))');
--> statement-breakpoint
SELECT banyan_guard('rate_hops',
  'seller_id = ANY ((SELECT banyan_scope())::uuid[]) OR buyer_id = ANY ((SELECT banyan_scope())::uuid[])');
--> statement-breakpoint
SELECT banyan_guard(t::regclass, 'EXISTS (SELECT FROM orders o WHERE o.id = order_id)')
FROM unnest(ARRAY['ledger_accounts','ledger_transfers','ledger_entries']) AS t;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO banyan_app, banyan_system;
--> statement-breakpoint
GRANT CREATE, USAGE ON SCHEMA public TO banyan_system;
--> statement-breakpoint
ALTER FUNCTION banyan_scope() OWNER TO banyan_system;
--> statement-breakpoint
SELECT banyan_append_only(t::regclass) FROM unnest(ARRAY[
  'audit_log','ledger_transfers','ledger_entries','rates','rate_hops','sender_decisions','message_events'
]) AS t;
--> statement-breakpoint
-- The two entries of every transfer sum to zero, checked by the database as well as by the verb.
CREATE FUNCTION banyan_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM fresh GROUP BY transfer_id HAVING sum(amount) <> 0 OR count(*) <> 2) THEN
    RAISE EXCEPTION 'ledger entries of a transfer must be two and sum to zero' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER entries_balance AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION banyan_entries_balance();
--> statement-breakpoint
-- The smallest UUIDv7 of a moment (RFC 9562 section 5.7): 48 bits of Unix milliseconds, the rest zero.
CREATE FUNCTION banyan_uuid7_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
--> statement-breakpoint
-- Makes the day partitions (UTC) from first_day on; safe to call again and from several processes.
CREATE FUNCTION banyan_ensure_partitions(first_day date, days integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE parent text; day date; name text;
BEGIN
  PERFORM pg_advisory_xact_lock(726166);
  FOREACH parent IN ARRAY ARRAY['messages','message_events','carrier_refs'] LOOP
    FOR offset_days IN 0 .. days - 1 LOOP
      day := first_day + offset_days;
      name := parent || '_' || to_char(day, 'YYYYMMDD');
      IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent,
          banyan_uuid7_floor(day::timestamp AT TIME ZONE 'UTC'), banyan_uuid7_floor((day + 1)::timestamp AT TIME ZONE 'UTC'));
        IF parent = 'messages' THEN EXECUTE format('ALTER TABLE %I SET (fillfactor = 80)', name); END IF;
      END IF;
    END LOOP;
  END LOOP;
END $$;
--> statement-breakpoint
SELECT banyan_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, 9);
--> statement-breakpoint
ALTER TABLE send_queue SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
--> statement-breakpoint
ALTER TABLE ledger_accounts SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE report_rollups SET (fillfactor = 70);
