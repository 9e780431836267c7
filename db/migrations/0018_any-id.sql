DROP INDEX "messages_reference_idx";--> statement-breakpoint
CREATE INDEX "webhook_attempts_retry_idx" ON "webhook_attempts" USING btree ("endpoint_id","id") WHERE outcome <> 'delivered' or attempt > 1;--> statement-breakpoint
CREATE INDEX "messages_reference_idx" ON "messages" USING btree ("reference","tenant_id") WHERE reference is not null;