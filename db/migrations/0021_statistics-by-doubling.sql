-- Statistics by doubling. Every ANALYZE costs a sample, and every plan of every connection that touches the table: with the
-- defaults (a tenth of a table, looked for every few seconds) a day that fills was analysed at each look. The data plane
-- goes by key whatever the statistics say, and what people ask for needs orders of magnitude.
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
        PERFORM banyan_analyse_by_doubling(name);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name,
          banyan_uuid7_floor(day::timestamp AT TIME ZONE 'UTC'), banyan_uuid7_floor((day + 1)::timestamp AT TIME ZONE 'UTC'));
      END IF;
    END LOOP;
    INSERT INTO message_days (day) VALUES (first_day + offset_days) ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
--> statement-breakpoint
-- For a table that grows. Its dead rows are few or removed page by page when they are met (HOT).
CREATE FUNCTION banyan_analyse_by_doubling(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('ALTER TABLE %I SET (autovacuum_analyze_scale_factor = 1, autovacuum_analyze_threshold = 1000,
    autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_insert_threshold = 20000, autovacuum_vacuum_insert_scale_factor = 0.5)', name);
END $$;
--> statement-breakpoint
SELECT banyan_analyse_by_doubling(name) FROM (
  SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent IN ('messages'::regclass, 'message_events'::regclass, 'carrier_refs'::regclass)
  UNION ALL VALUES ('ledger_transfers'), ('ledger_entries'), ('wire_blocks'), ('webhook_attempts')
) t;
--> statement-breakpoint
-- Tables that stay small while much passes through them: how many rows changed says nothing of how they look.
ALTER TABLE send_queue SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 200000);
--> statement-breakpoint
ALTER TABLE outgoing_receipts SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 200000);
--> statement-breakpoint
ALTER TABLE report_deltas SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 200000);
--> statement-breakpoint
ALTER TABLE ledger_accounts SET (autovacuum_analyze_scale_factor = 1, autovacuum_analyze_threshold = 20000, autovacuum_vacuum_threshold = 5000);
