CREATE TABLE "connector_rates" (
	"connector_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"per_second" real NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contract_uses" (
	"owner" text NOT NULL,
	"side" text NOT NULL,
	"tenant_id" uuid NOT NULL,
	"per_second" real NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "contract_uses_owner_side_tenant_id_pk" PRIMARY KEY("owner","side","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "contracts" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"set_by_tenant_id" uuid NOT NULL,
	"reserved_per_second" integer DEFAULT 0 NOT NULL,
	"max_per_second" integer,
	"weight" smallint DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contracts_bounds" CHECK ("contracts"."reserved_per_second" between 0 and 100000 and "contracts"."weight" between 1 and 100 and "contracts"."max_per_second" between 1 and 100000 and "contracts"."max_per_second" >= "contracts"."reserved_per_second")
);
--> statement-breakpoint
CREATE TABLE "queue_depths" (
	"tenant_id" uuid NOT NULL,
	"connector_id" uuid NOT NULL,
	"lane" smallint NOT NULL,
	"waiting" integer NOT NULL,
	"held" integer NOT NULL,
	"scheduled" integer NOT NULL,
	"oldest_at" timestamp with time zone,
	"drain_seconds" real,
	"sampled_at" timestamp with time zone NOT NULL,
	CONSTRAINT "queue_depths_tenant_id_connector_id_lane_pk" PRIMARY KEY("tenant_id","connector_id","lane")
);
--> statement-breakpoint
DROP INDEX "send_queue_free_idx";--> statement-breakpoint
ALTER TABLE "connector_rates" ADD CONSTRAINT "connector_rates_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_set_by_tenant_id_tenants_id_fk" FOREIGN KEY ("set_by_tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connector_rates_tenant_idx" ON "connector_rates" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "send_queue_free_idx" ON "send_queue" USING btree ("connector_id","lane","tenant_id","ready_at","message_id") WHERE lease_owner is null and not is_held;--> statement-breakpoint
SELECT banyan_guard('contracts'), banyan_guard('queue_depths'), banyan_guard('connector_rates');--> statement-breakpoint
SELECT banyan_guard('contract_uses', 'false');--> statement-breakpoint
-- Of this moment only: after a crash there is nothing to be missed.
ALTER TABLE contract_uses SET UNLOGGED;--> statement-breakpoint
ALTER TABLE contract_uses SET (fillfactor = 50);
