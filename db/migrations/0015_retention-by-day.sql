CREATE TABLE "message_day_totals" (
	"day" date NOT NULL,
	"rate_id" uuid NOT NULL,
	"charge_stage" smallint NOT NULL,
	"messages" bigint NOT NULL,
	"parts" bigint NOT NULL,
	CONSTRAINT "message_day_totals_day_rate_id_charge_stage_pk" PRIMARY KEY("day","rate_id","charge_stage")
);
--> statement-breakpoint
CREATE TABLE "message_days" (
	"day" date PRIMARY KEY NOT NULL,
	"closed_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"open_messages" integer,
	"open_campaigns" integer,
	"looked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "retention_policies" (
	"kind" text PRIMARY KEY NOT NULL,
	"keep_days" integer,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
SELECT banyan_guard('retention_policies', 'false'), banyan_guard('message_days', 'false'), banyan_guard('message_day_totals', 'false');--> statement-breakpoint
SELECT banyan_append_only('message_day_totals');--> statement-breakpoint
INSERT INTO message_days (day)
SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'messages'::regclass;--> statement-breakpoint
-- Makes the day partitions (UTC) from first_day on; safe to call again and from several processes. A partition is made
-- aside and attached: CREATE TABLE … PARTITION OF would lock the whole table, and behind a long reader everybody waits.
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
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name,
          banyan_uuid7_floor(day::timestamp AT TIME ZONE 'UTC'), banyan_uuid7_floor((day + 1)::timestamp AT TIME ZONE 'UTC'));
      END IF;
    END LOOP;
    INSERT INTO message_days (day) VALUES (first_day + offset_days) ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
