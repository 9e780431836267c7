ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_transfer_id_ledger_transfers_id_fk";
--> statement-breakpoint
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_account_id_ledger_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "ledger_transfers" DROP CONSTRAINT "ledger_transfers_debit_account_id_ledger_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "ledger_transfers" DROP CONSTRAINT "ledger_transfers_credit_account_id_ledger_accounts_id_fk";
--> statement-breakpoint
-- What foreign keys looked up row by row, once a statement, and more: a transfer joins two accounts of its order, in one
-- unit. Each probe goes by the key, however large the tables are.
CREATE FUNCTION banyan_transfers_join() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (
    SELECT FROM fresh f
    LEFT JOIN LATERAL (SELECT order_id, unit FROM ledger_accounts WHERE id = f.debit_account_id LIMIT 1) d ON true
    LEFT JOIN LATERAL (SELECT order_id, unit FROM ledger_accounts WHERE id = f.credit_account_id LIMIT 1) c ON true
    WHERE d.order_id IS DISTINCT FROM f.order_id OR c.order_id IS DISTINCT FROM f.order_id OR d.unit <> c.unit
  ) THEN
    RAISE EXCEPTION 'a ledger transfer must join two accounts of its order in one unit' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER transfers_join AFTER INSERT ON ledger_transfers REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION banyan_transfers_join();
--> statement-breakpoint
-- The two entries of every transfer are its own: its accounts, its amount, once lost and once gained.
CREATE OR REPLACE FUNCTION banyan_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM fresh GROUP BY transfer_id HAVING sum(amount) <> 0 OR count(*) <> 2) THEN
    RAISE EXCEPTION 'ledger entries of a transfer must be two and sum to zero' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM fresh f
    LEFT JOIN LATERAL (SELECT * FROM ledger_transfers WHERE id = f.transfer_id LIMIT 1) t ON true
    WHERE t.order_id IS DISTINCT FROM f.order_id OR f.amount IS DISTINCT FROM
      CASE f.account_id WHEN t.debit_account_id THEN -t.amount WHEN t.credit_account_id THEN t.amount END
  ) THEN
    RAISE EXCEPTION 'a ledger entry must be a side of its transfer' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION banyan_accounts_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM ledger_entries WHERE account_id = OLD.id) THEN
    RAISE EXCEPTION 'a ledger account with entries stays' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN OLD;
END $$;
--> statement-breakpoint
CREATE TRIGGER accounts_stay BEFORE DELETE ON ledger_accounts FOR EACH ROW EXECUTE FUNCTION banyan_accounts_stay();
