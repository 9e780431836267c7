ALTER TABLE "recipient_lists" ADD COLUMN "attempt_id" uuid;--> statement-breakpoint
ALTER TABLE "recipient_lists" ADD COLUMN "progress_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "campaigns_open_idx" ON "campaigns" USING btree ("status") WHERE status in ('running','held','sending');