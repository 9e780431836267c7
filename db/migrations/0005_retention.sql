CREATE INDEX "invitations_expiry_idx" ON "invitations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age_idx" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "parked_receipts_age_idx" ON "parked_receipts" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "emails_age_idx" ON "emails" USING btree ("created_at");