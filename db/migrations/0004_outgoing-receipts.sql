CREATE TABLE "outgoing_receipts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"receiver_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"status" text NOT NULL,
	"error_code" text,
	"at" timestamp with time zone NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"ready_at" timestamp with time zone NOT NULL,
	"lease_owner" text,
	"leased_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "origin_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "receipt" smallint DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX "outgoing_receipts_free_idx" ON "outgoing_receipts" USING btree ("receiver_id","id") WHERE lease_owner is null;--> statement-breakpoint
CREATE INDEX "outgoing_receipts_leased_idx" ON "outgoing_receipts" USING btree ("lease_owner") WHERE lease_owner is not null;--> statement-breakpoint
SELECT banyan_guard('outgoing_receipts');--> statement-breakpoint
ALTER TABLE outgoing_receipts SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
