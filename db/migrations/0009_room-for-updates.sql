-- A message's row is written three times: accepted, sent, ended. The versions of a batch need room on the pages of the
-- first one, or each of them writes every index again: at 80 a third of the updates were HOT, at 45 nearly all are.
CREATE OR REPLACE FUNCTION banyan_ensure_partitions(first_day date, days integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
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
        IF parent = 'messages' THEN EXECUTE format('ALTER TABLE %I SET (fillfactor = 45)', name); END IF;
      END IF;
    END LOOP;
  END LOOP;
END $$;
--> statement-breakpoint
-- Pages written before stay as they are; today's later ones have the room.
DO $$ DECLARE name regclass;
BEGIN
  FOR name IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'messages'::regclass LOOP
    EXECUTE format('ALTER TABLE %s SET (fillfactor = 45)', name);
  END LOOP;
END $$;
