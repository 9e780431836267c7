CREATE TABLE "connector_errors" (
	"connector_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"code" text NOT NULL,
	"verdict" text NOT NULL,
	"reason" text,
	CONSTRAINT "connector_errors_connector_id_kind_code_pk" PRIMARY KEY("connector_id","kind","code"),
	CONSTRAINT "connector_errors_receipt" CHECK ("connector_errors"."kind" = 'submit' or "connector_errors"."verdict" = 'fail')
);
--> statement-breakpoint
ALTER TABLE "send_queue" ADD COLUMN "tried" uuid[];--> statement-breakpoint
ALTER TABLE "connectors" ADD COLUMN "concatenation" text DEFAULT 'udh8' NOT NULL;--> statement-breakpoint
ALTER TABLE "connectors" ADD COLUMN "passed_tlvs" text[] DEFAULT '{source_port,destination_port}' NOT NULL;--> statement-breakpoint
ALTER TABLE "connectors" ADD COLUMN "validity_format" text DEFAULT 'relative' NOT NULL;--> statement-breakpoint
ALTER TABLE "connectors" ADD COLUMN "otp_priority" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "connectors" ADD COLUMN "failover_after_seconds" integer DEFAULT 60 NOT NULL;--> statement-breakpoint
ALTER TABLE "connectors" ADD COLUMN "max_moves" integer DEFAULT 2 NOT NULL;--> statement-breakpoint
ALTER TABLE "connectors" ADD COLUMN "receipt_notation" text;--> statement-breakpoint
ALTER TABLE "connector_errors" ADD CONSTRAINT "connector_errors_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connectors" ADD CONSTRAINT "connectors_sending_bounds" CHECK ("connectors"."otp_priority" between 0 and 3 and "connectors"."failover_after_seconds" between 0 and 86400 and "connectors"."max_moves" between 0 and 10);--> statement-breakpoint
SELECT banyan_guard('connector_errors');
