-- Small samples. ANALYZE takes 300 rows for each step of the finest histogram, of all columns: 30,000 wide rows by the default,
-- sorted by each of 27 columns, while the traffic waits for the processors. Orders of magnitude need a tenth of that, and of
-- columns that nobody searches or groups by, nothing is needed.
CREATE FUNCTION banyan_sample(name text, columns text[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE (SELECT format('ALTER TABLE %I ', name)
      || string_agg(format('ALTER COLUMN %I SET STATISTICS %s', attname, CASE WHEN attname = ANY (columns) THEN 10 ELSE 0 END), ', ')
    FROM pg_attribute WHERE attrelid = name::regclass AND attnum > 0 AND NOT attisdropped);
END $$;
--> statement-breakpoint
CREATE FUNCTION banyan_sample_day(parent text, name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM banyan_analyse_by_doubling(name);
  PERFORM banyan_sample(name, CASE parent
    WHEN 'messages' THEN ARRAY['id', 'tenant_id', 'batch_id', 'campaign_id', 'sender', 'msisdn', 'traffic_class', 'operator_id',
      'connector_id', 'rate_id', 'status', 'charge_stage', 'origin_id', 'reference']
    WHEN 'message_events' THEN ARRAY['message_id', 'tenant_id', 'at', 'kind']
    ELSE ARRAY['message_id', 'carrier_id', 'connector_id', 'outcome'] END);
  -- A message counts three times: accepted, sent, ended.
  IF parent = 'messages' THEN EXECUTE format('ALTER TABLE %I SET (autovacuum_analyze_scale_factor = 3)', name); END IF;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION banyan_ensure_partitions(first_day date, days integer) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public SET lock_timeout = '5s' AS $$
DECLARE parent text; day date; name text;
BEGIN
  PERFORM pg_advisory_xact_lock(726166);
  FOR offset_days IN 0 .. days - 1 LOOP
    day := first_day + offset_days;
    -- What was dropped stays dropped.
    CONTINUE WHEN EXISTS (SELECT FROM message_days d WHERE d.day = first_day + offset_days AND d.settled_at IS NOT NULL);
    FOREACH parent IN ARRAY ARRAY['messages','message_events','carrier_refs'] LOOP
      name := parent || '_' || to_char(day, 'YYYYMMDD');
      IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, parent);
        IF parent = 'messages' THEN EXECUTE format('ALTER TABLE %I SET (fillfactor = 45)', name); END IF;
        PERFORM banyan_sample_day(parent, name);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name,
          banyan_uuid7_floor(day::timestamp AT TIME ZONE 'UTC'), banyan_uuid7_floor((day + 1)::timestamp AT TIME ZONE 'UTC'));
      END IF;
    END LOOP;
    INSERT INTO message_days (day) VALUES (first_day + offset_days) ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
--> statement-breakpoint
SELECT banyan_sample_day(i.inhparent::regclass::text, c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent IN ('messages'::regclass, 'message_events'::regclass, 'carrier_refs'::regclass);
--> statement-breakpoint
SELECT banyan_sample('wire_blocks', ARRAY['id']),
  banyan_sample('webhook_attempts', ARRAY['id', 'tenant_id', 'endpoint_id', 'outcome', 'attempt']),
  banyan_sample('ledger_transfers', ARRAY['id', 'order_id', 'debit_account_id', 'credit_account_id', 'code', 'cause_id', 'created_at']),
  banyan_sample('ledger_entries', ARRAY['transfer_id', 'account_id', 'order_id', 'account_version', 'created_at']);
