-- A foreign key looks at every recipient, which is half the time of an upload of a million; a statement's trigger looks at
-- its lists once, under the same lock. Nothing searches recipients by number.
ALTER TABLE "recipients" DROP CONSTRAINT "recipients_list_id_recipient_lists_id_fk";
--> statement-breakpoint
DROP INDEX "recipients_list_msisdn_idx";
--> statement-breakpoint
CREATE FUNCTION banyan_lists_exist() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE wanted uuid;
BEGIN
  FOR wanted IN SELECT DISTINCT list_id FROM added LOOP
    PERFORM FROM recipient_lists WHERE id = wanted FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'there is no list %', wanted USING ERRCODE = 'foreign_key_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION banyan_drop_recipients() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN
  DELETE FROM recipients WHERE list_id = OLD.id;
  RETURN NULL;
END $$;
--> statement-breakpoint
ALTER FUNCTION banyan_lists_exist() OWNER TO banyan_system;
--> statement-breakpoint
ALTER FUNCTION banyan_drop_recipients() OWNER TO banyan_system;
--> statement-breakpoint
CREATE TRIGGER lists_exist AFTER INSERT ON recipients REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION banyan_lists_exist();
--> statement-breakpoint
-- A recipient is never moved to another list.
CREATE TRIGGER keeps_list BEFORE UPDATE OF list_id ON recipients FOR EACH ROW EXECUTE FUNCTION banyan_refuse_change();
--> statement-breakpoint
CREATE TRIGGER recipients_go AFTER DELETE ON recipient_lists FOR EACH ROW EXECUTE FUNCTION banyan_drop_recipients();
