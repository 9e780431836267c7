CREATE TABLE "http_connectors" (
	"connector_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"description" jsonb NOT NULL,
	"receipt_hash" text NOT NULL,
	"receipt_sealed" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "receipt_polls" (
	"message_id" uuid NOT NULL,
	"carrier_id" text NOT NULL,
	"connector_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "receipt_polls_message_id_carrier_id_pk" PRIMARY KEY("message_id","carrier_id")
);
--> statement-breakpoint
ALTER TABLE "connectors" ADD COLUMN "kind" text DEFAULT 'smpp' NOT NULL;--> statement-breakpoint
ALTER TABLE "http_connectors" ADD CONSTRAINT "http_connectors_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "http_connectors_receipt_unique" ON "http_connectors" USING btree ("receipt_hash");--> statement-breakpoint
CREATE INDEX "receipt_polls_due_idx" ON "receipt_polls" USING btree ("connector_id","next_at");--> statement-breakpoint
CREATE INDEX "receipt_polls_age_idx" ON "receipt_polls" USING btree ("next_at");
--> statement-breakpoint
SELECT banyan_guard(t::regclass) FROM unnest(ARRAY['http_connectors','receipt_polls']) AS t;
--> statement-breakpoint
ALTER TABLE receipt_polls SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
