CREATE TABLE "smpp_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"system_id" text NOT NULL,
	"password_hash" text NOT NULL,
	"allowed_ips" text[] NOT NULL,
	"max_binds" integer DEFAULT 10 NOT NULL,
	"window_size" integer DEFAULT 100 NOT NULL,
	"receipt_window" integer DEFAULT 100 NOT NULL,
	"max_per_second" integer DEFAULT 0 NOT NULL,
	"default_alphabet" text DEFAULT 'gsm7' NOT NULL,
	"traffic_class" text DEFAULT 'transactional' NOT NULL,
	"class_from" text DEFAULT 'account' NOT NULL,
	"receipt_zone" text DEFAULT 'utc' NOT NULL,
	"inactivity_seconds" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'enabled' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "smpp_accounts_bounds" CHECK ("smpp_accounts"."max_binds" between 1 and 100 and "smpp_accounts"."window_size" between 1 and 2000 and "smpp_accounts"."receipt_window" between 1 and 1000 and "smpp_accounts"."max_per_second" between 0 and 100000)
);
--> statement-breakpoint
CREATE TABLE "smpp_binds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"owner" text NOT NULL,
	"mode" text NOT NULL,
	"ip" text NOT NULL,
	"tls" boolean NOT NULL,
	"version" smallint NOT NULL,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "smpp_parts" (
	"account_id" uuid NOT NULL,
	"group_key" text NOT NULL,
	"message_id" uuid NOT NULL,
	"part_number" smallint NOT NULL,
	"tenant_id" uuid NOT NULL,
	"total" smallint NOT NULL,
	"bytes" "bytea" NOT NULL,
	"receipt" smallint NOT NULL,
	"sender" text NOT NULL,
	"msisdn" text NOT NULL,
	"failed_at" timestamp with time zone,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "smpp_parts_message_id_part_number_pk" PRIMARY KEY("message_id","part_number")
);
--> statement-breakpoint
CREATE TABLE "smpp_receivers" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"owner" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "smpp_servers" (
	"owner" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "wire" jsonb;--> statement-breakpoint
ALTER TABLE "smpp_accounts" ADD CONSTRAINT "smpp_accounts_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "smpp_binds" ADD CONSTRAINT "smpp_binds_account_id_smpp_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."smpp_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "smpp_parts" ADD CONSTRAINT "smpp_parts_account_id_smpp_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."smpp_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "smpp_receivers" ADD CONSTRAINT "smpp_receivers_account_id_smpp_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."smpp_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "smpp_accounts_system_id_unique" ON "smpp_accounts" USING btree ("system_id");--> statement-breakpoint
CREATE INDEX "smpp_accounts_tenant_idx" ON "smpp_accounts" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "smpp_binds_account_idx" ON "smpp_binds" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "smpp_binds_owner_idx" ON "smpp_binds" USING btree ("owner");--> statement-breakpoint
CREATE UNIQUE INDEX "smpp_parts_waiting_unique" ON "smpp_parts" USING btree ("account_id","group_key","part_number") WHERE failed_at is null;--> statement-breakpoint
CREATE INDEX "smpp_parts_received_idx" ON "smpp_parts" USING btree ("received_at");--> statement-breakpoint
SELECT banyan_guard(t::regclass) FROM unnest(ARRAY['smpp_accounts','smpp_binds','smpp_receivers','smpp_parts']) AS t;--> statement-breakpoint
SELECT banyan_guard('smpp_servers', 'false');
