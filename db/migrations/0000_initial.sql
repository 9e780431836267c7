CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"detail" jsonb NOT NULL,
	"request_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "brand_hosts" (
	"host" text PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"verified_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "brands" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"product_name" text NOT NULL,
	"logo_png" "bytea",
	"logo_version" text,
	"primary_color" text NOT NULL,
	"accent_color" text NOT NULL,
	"support_email" text,
	"email_from_name" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_refusals" (
	"campaign_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"tenant_id" uuid NOT NULL,
	"msisdn" text NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "campaign_refusals_campaign_id_ordinal_pk" PRIMARY KEY("campaign_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sender_id" uuid,
	"list_id" uuid,
	"traffic_class" text DEFAULT 'bulk' NOT NULL,
	"template" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"status_reason" text,
	"scheduled_at" timestamp with time zone,
	"time_zone" text,
	"launched_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"recipient_count" integer DEFAULT 0 NOT NULL,
	"expanded_to" integer DEFAULT 0 NOT NULL,
	"refused_count" integer DEFAULT 0 NOT NULL,
	"quote" jsonb,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "campaigns_status_known" CHECK ("campaigns"."status" in ('draft','in_review','rejected','scheduled','running','paused','held','sending','completed','stopped'))
);
--> statement-breakpoint
CREATE TABLE "opt_outs" (
	"tenant_id" uuid NOT NULL,
	"msisdn" text NOT NULL,
	"source" text NOT NULL,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "opt_outs_tenant_id_msisdn_pk" PRIMARY KEY("tenant_id","msisdn")
);
--> statement-breakpoint
CREATE TABLE "recipient_lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"file_name" text NOT NULL,
	"status" text NOT NULL,
	"failure" text,
	"fields" text[] NOT NULL,
	"row_count" integer DEFAULT 0 NOT NULL,
	"accepted_count" integer DEFAULT 0 NOT NULL,
	"invalid_count" integer DEFAULT 0 NOT NULL,
	"duplicate_count" integer DEFAULT 0 NOT NULL,
	"opted_out_count" integer DEFAULT 0 NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "recipient_lists_status_known" CHECK ("recipient_lists"."status" in ('importing','ready','failed'))
);
--> statement-breakpoint
CREATE TABLE "recipients" (
	"list_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"tenant_id" uuid NOT NULL,
	"msisdn" text NOT NULL,
	"operator_id" text,
	"fields" jsonb NOT NULL,
	CONSTRAINT "recipients_list_id_ordinal_pk" PRIMARY KEY("list_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "rejected_rows" (
	"list_id" uuid NOT NULL,
	"row_number" integer NOT NULL,
	"tenant_id" uuid NOT NULL,
	"value" text NOT NULL,
	"reason" text NOT NULL,
	"detail" text,
	CONSTRAINT "rejected_rows_list_id_row_number_pk" PRIMARY KEY("list_id","row_number")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"allowed_ips" text[] NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_keyHash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invitations_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"status" text DEFAULT 'invited' NOT NULL,
	"password_hash" text,
	"session_version" integer DEFAULT 1 NOT NULL,
	"failed_attempts" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp with time zone,
	"last_sign_in_at" timestamp with time zone,
	"locale" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_role_known" CHECK ("users"."role" in ('owner','manager','sender','moderator','finance','support','viewer'))
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"unit" text NOT NULL,
	"balance" bigint DEFAULT 0 NOT NULL,
	"floor" bigint,
	"version" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_accounts_floor" CHECK ("ledger_accounts"."floor" is null or "ledger_accounts"."balance" >= "ledger_accounts"."floor")
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"transfer_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"balance_after" bigint NOT NULL,
	"account_version" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_entries_transfer_id_account_id_pk" PRIMARY KEY("transfer_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "ledger_transfers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"debit_account_id" uuid NOT NULL,
	"credit_account_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"code" text NOT NULL,
	"cause_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_transfers_positive" CHECK ("ledger_transfers"."amount" > 0),
	CONSTRAINT "ledger_transfers_two_sides" CHECK ("ledger_transfers"."debit_account_id" <> "ledger_transfers"."credit_account_id")
);
--> statement-breakpoint
CREATE TABLE "rate_hops" (
	"rate_id" uuid NOT NULL,
	"hop" integer NOT NULL,
	"order_id" uuid NOT NULL,
	"seller_id" uuid NOT NULL,
	"buyer_id" uuid NOT NULL,
	"unit_price_micros" bigint NOT NULL,
	"currency" text NOT NULL,
	"post_on" text NOT NULL,
	CONSTRAINT "rate_hops_rate_id_hop_pk" PRIMARY KEY("rate_id","hop")
);
--> statement-breakpoint
CREATE TABLE "rates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"tenant_id" uuid NOT NULL,
	"operator_id" text NOT NULL,
	"traffic_class" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rates_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "carrier_refs" (
	"message_id" uuid NOT NULL,
	"carrier_id" text NOT NULL,
	"connector_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"part_number" smallint NOT NULL,
	"outcome" text,
	"error_code" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "carrier_refs_message_id_carrier_id_pk" PRIMARY KEY("message_id","carrier_id")
) PARTITION BY RANGE ("message_id");
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant_id" uuid NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"answer" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_id_key_pk" PRIMARY KEY("tenant_id","key")
);
--> statement-breakpoint
CREATE TABLE "message_events" (
	"message_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"part_number" smallint,
	"detail" jsonb NOT NULL
) PARTITION BY RANGE ("message_id");
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"batch_id" uuid NOT NULL,
	"campaign_id" uuid,
	"sender_id" uuid NOT NULL,
	"sender" text NOT NULL,
	"msisdn" text NOT NULL,
	"text" text NOT NULL,
	"traffic_class" text NOT NULL,
	"encoding" text NOT NULL,
	"parts" smallint NOT NULL,
	"operator_id" text NOT NULL,
	"connector_id" uuid NOT NULL,
	"rate_id" uuid NOT NULL,
	"status" text NOT NULL,
	"charge_stage" smallint NOT NULL,
	"source" text NOT NULL,
	"reference" text,
	"error_code" text,
	"possible_duplicate" boolean DEFAULT false NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"done_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "messages_parts_positive" CHECK ("messages"."parts" > 0)
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "parked_receipts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connector_id" uuid NOT NULL,
	"carrier_id" text NOT NULL,
	"msisdn" text NOT NULL,
	"sender" text NOT NULL,
	"outcome" text NOT NULL,
	"error_code" text,
	"user_message_reference" integer,
	"detail" jsonb NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "send_queue" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"connector_id" uuid NOT NULL,
	"lane" smallint NOT NULL,
	"tenant_id" uuid NOT NULL,
	"campaign_id" uuid,
	"is_held" boolean DEFAULT false NOT NULL,
	"ready_at" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"lease_owner" text,
	"leased_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "keyword_filters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"phrase" text NOT NULL,
	"action" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "moderation_cases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"sender_name" text NOT NULL,
	"sample_text" text NOT NULL,
	"recipient_count" integer DEFAULT 1 NOT NULL,
	"cause" text NOT NULL,
	"policy_tenant_id" uuid NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"decided_by" uuid,
	"decided_by_tenant_id" uuid,
	"decision_reason" text,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "moderation_cases_subjectId_unique" UNIQUE("subject_id"),
	CONSTRAINT "moderation_cases_status_known" CHECK ("moderation_cases"."status" in ('open','approved','rejected','withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "moderation_policies" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"mode" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "emails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"to_address" text NOT NULL,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"dedupe_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	CONSTRAINT "emails_dedupeKey_unique" UNIQUE("dedupe_key")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"seller_id" uuid NOT NULL,
	"buyer_id" uuid NOT NULL,
	"price_list_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"currency" text NOT NULL,
	"post_on" text NOT NULL,
	"amount_micros" bigint,
	"parts_limit" bigint,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"sender_names" text[],
	"nearly_used_percent" integer DEFAULT 80 NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"note" text,
	"signed_at" timestamp with time zone,
	"activated_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_bounded" CHECK ("orders"."amount_micros" is not null or "orders"."parts_limit" is not null),
	CONSTRAINT "orders_positive" CHECK (coalesce("orders"."amount_micros", 1) > 0 and coalesce("orders"."parts_limit", 1) > 0),
	CONSTRAINT "orders_validity" CHECK ("orders"."valid_until" > "orders"."valid_from"),
	CONSTRAINT "orders_between_two" CHECK ("orders"."seller_id" <> "orders"."buyer_id"),
	CONSTRAINT "orders_status_known" CHECK ("orders"."status" in ('draft','signed','active','nearly_used','used_up','expired','closed','cancelled'))
);
--> statement-breakpoint
CREATE TABLE "price_list_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"price_list_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"country" text NOT NULL,
	"operator_id" text,
	"traffic_class" text NOT NULL,
	"unit_price_micros" bigint NOT NULL,
	CONSTRAINT "price_list_items_not_negative" CHECK ("price_list_items"."unit_price_micros" >= 0)
);
--> statement-breakpoint
CREATE TABLE "price_lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"post_on" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report_deltas" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"day" date NOT NULL,
	"tenant_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"sender_id" uuid NOT NULL,
	"operator_id" text NOT NULL,
	"traffic_class" text NOT NULL,
	"rate_id" uuid NOT NULL,
	"accepted_count" bigint DEFAULT 0 NOT NULL,
	"sent_count" bigint DEFAULT 0 NOT NULL,
	"delivered_count" bigint DEFAULT 0 NOT NULL,
	"failed_count" bigint DEFAULT 0 NOT NULL,
	"unknown_count" bigint DEFAULT 0 NOT NULL,
	"accepted_parts" bigint DEFAULT 0 NOT NULL,
	"held_parts" bigint DEFAULT 0 NOT NULL,
	"carried_parts" bigint DEFAULT 0 NOT NULL,
	"settled_parts" bigint DEFAULT 0 NOT NULL,
	"voided_parts" bigint DEFAULT 0 NOT NULL,
	"lapsed_parts" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report_rollups" (
	"day" date NOT NULL,
	"tenant_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"sender_id" uuid NOT NULL,
	"operator_id" text NOT NULL,
	"traffic_class" text NOT NULL,
	"rate_id" uuid NOT NULL,
	"accepted_count" bigint DEFAULT 0 NOT NULL,
	"sent_count" bigint DEFAULT 0 NOT NULL,
	"delivered_count" bigint DEFAULT 0 NOT NULL,
	"failed_count" bigint DEFAULT 0 NOT NULL,
	"unknown_count" bigint DEFAULT 0 NOT NULL,
	"accepted_parts" bigint DEFAULT 0 NOT NULL,
	"held_parts" bigint DEFAULT 0 NOT NULL,
	"carried_parts" bigint DEFAULT 0 NOT NULL,
	"settled_parts" bigint DEFAULT 0 NOT NULL,
	"voided_parts" bigint DEFAULT 0 NOT NULL,
	"lapsed_parts" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "report_rollups_day_tenant_id_campaign_id_sender_id_operator_id_traffic_class_rate_id_pk" PRIMARY KEY("day","tenant_id","campaign_id","sender_id","operator_id","traffic_class","rate_id")
);
--> statement-breakpoint
CREATE TABLE "connector_binds" (
	"connector_id" uuid NOT NULL,
	"bind_number" integer NOT NULL,
	"tenant_id" uuid NOT NULL,
	"state" text NOT NULL,
	"last_error" text,
	"since" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "connector_binds_connector_id_bind_number_pk" PRIMARY KEY("connector_id","bind_number")
);
--> statement-breakpoint
CREATE TABLE "connector_leases" (
	"connector_id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connectors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"tls" boolean DEFAULT false NOT NULL,
	"system_id" text NOT NULL,
	"password_sealed" text NOT NULL,
	"system_type" text DEFAULT '' NOT NULL,
	"bind_mode" text DEFAULT 'transceiver' NOT NULL,
	"bind_count" integer DEFAULT 1 NOT NULL,
	"window_size" integer DEFAULT 50 NOT NULL,
	"max_per_second" integer DEFAULT 0 NOT NULL,
	"source_ton" integer DEFAULT 5 NOT NULL,
	"source_npi" integer DEFAULT 0 NOT NULL,
	"dest_ton" integer DEFAULT 1 NOT NULL,
	"dest_npi" integer DEFAULT 1 NOT NULL,
	"gsm_data_coding" integer DEFAULT 0 NOT NULL,
	"service_type" text DEFAULT '' NOT NULL,
	"unknown_policy" text DEFAULT 'wait' NOT NULL,
	"response_timeout_ms" integer DEFAULT 10000 NOT NULL,
	"enquire_link_ms" integer DEFAULT 30000 NOT NULL,
	"receipt_timeout_hours" integer DEFAULT 72 NOT NULL,
	"max_attempts" integer DEFAULT 5 NOT NULL,
	"status" text DEFAULT 'enabled' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connectors_bounds" CHECK ("connectors"."bind_count" between 1 and 64 and "connectors"."window_size" between 1 and 1000 and "connectors"."max_per_second" between 0 and 100000)
);
--> statement-breakpoint
CREATE TABLE "operator_prefixes" (
	"prefix" text PRIMARY KEY NOT NULL,
	"operator_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operators" (
	"id" text PRIMARY KEY NOT NULL,
	"country" text NOT NULL,
	"name" text NOT NULL,
	"mcc" text NOT NULL,
	"mnc" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "routes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"connector_id" uuid NOT NULL,
	"country" text,
	"operator_id" text,
	"traffic_class" text,
	"priority" integer DEFAULT 100 NOT NULL,
	"weight" integer DEFAULT 1 NOT NULL,
	"status" text DEFAULT 'enabled' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sender_decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"sender_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"decider_tenant_id" uuid NOT NULL,
	"decision" text NOT NULL,
	"reason" text,
	"user_id" uuid,
	"decided_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "senders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"reviewer_tenant_id" uuid,
	"purpose" text NOT NULL,
	"decision_reason" text,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "senders_status_known" CHECK ("senders"."status" in ('pending','approved','rejected','revoked'))
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"parent_id" uuid,
	"ancestors" uuid[] NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"suspend_reason" text,
	"suspended_at" timestamp with time zone,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"time_zone" text NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenants_path_ends_in_self" CHECK ("tenants"."ancestors"[cardinality("tenants"."ancestors")] = "tenants"."id"),
	CONSTRAINT "tenants_status_known" CHECK ("tenants"."status" in ('active','suspended'))
);
--> statement-breakpoint
ALTER TABLE "brand_hosts" ADD CONSTRAINT "brand_hosts_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brands" ADD CONSTRAINT "brands_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_refusals" ADD CONSTRAINT "campaign_refusals_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_sender_id_senders_id_fk" FOREIGN KEY ("sender_id") REFERENCES "public"."senders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_list_id_recipient_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."recipient_lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_outs" ADD CONSTRAINT "opt_outs_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipient_lists" ADD CONSTRAINT "recipient_lists_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipients" ADD CONSTRAINT "recipients_list_id_recipient_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."recipient_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rejected_rows" ADD CONSTRAINT "rejected_rows_list_id_recipient_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."recipient_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_transfer_id_ledger_transfers_id_fk" FOREIGN KEY ("transfer_id") REFERENCES "public"."ledger_transfers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_account_id_ledger_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_transfers" ADD CONSTRAINT "ledger_transfers_debit_account_id_ledger_accounts_id_fk" FOREIGN KEY ("debit_account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_transfers" ADD CONSTRAINT "ledger_transfers_credit_account_id_ledger_accounts_id_fk" FOREIGN KEY ("credit_account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_hops" ADD CONSTRAINT "rate_hops_rate_id_rates_id_fk" FOREIGN KEY ("rate_id") REFERENCES "public"."rates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_hops" ADD CONSTRAINT "rate_hops_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyword_filters" ADD CONSTRAINT "keyword_filters_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD CONSTRAINT "moderation_cases_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_policies" ADD CONSTRAINT "moderation_policies_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "emails" ADD CONSTRAINT "emails_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_seller_id_tenants_id_fk" FOREIGN KEY ("seller_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_buyer_id_tenants_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_price_list_id_price_lists_id_fk" FOREIGN KEY ("price_list_id") REFERENCES "public"."price_lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_list_items" ADD CONSTRAINT "price_list_items_price_list_id_price_lists_id_fk" FOREIGN KEY ("price_list_id") REFERENCES "public"."price_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_lists" ADD CONSTRAINT "price_lists_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connector_binds" ADD CONSTRAINT "connector_binds_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connector_leases" ADD CONSTRAINT "connector_leases_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connectors" ADD CONSTRAINT "connectors_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operator_prefixes" ADD CONSTRAINT "operator_prefixes_operator_id_operators_id_fk" FOREIGN KEY ("operator_id") REFERENCES "public"."operators"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "routes" ADD CONSTRAINT "routes_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "routes" ADD CONSTRAINT "routes_connector_id_connectors_id_fk" FOREIGN KEY ("connector_id") REFERENCES "public"."connectors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sender_decisions" ADD CONSTRAINT "sender_decisions_sender_id_senders_id_fk" FOREIGN KEY ("sender_id") REFERENCES "public"."senders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "senders" ADD CONSTRAINT "senders_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_tenant_idx" ON "audit_log" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_subject_idx" ON "audit_log" USING btree ("subject_id");--> statement-breakpoint
CREATE INDEX "outbox_unsent_idx" ON "outbox" USING btree ("id") WHERE sent_at is null;--> statement-breakpoint
CREATE INDEX "campaigns_tenant_idx" ON "campaigns" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "recipient_lists_tenant_idx" ON "recipient_lists" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "recipients_list_msisdn_idx" ON "recipients" USING btree ("list_id","msisdn");--> statement-breakpoint
CREATE INDEX "api_keys_tenant_idx" ON "api_keys" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "invitations_tenant_idx" ON "invitations" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "users_tenant_idx" ON "users" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_accounts_unique" ON "ledger_accounts" USING btree ("order_id","kind","unit");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_account_version" ON "ledger_entries" USING btree ("account_id","account_version");--> statement-breakpoint
CREATE INDEX "ledger_entries_order_idx" ON "ledger_entries" USING btree ("order_id","created_at");--> statement-breakpoint
CREATE INDEX "ledger_transfers_order_idx" ON "ledger_transfers" USING btree ("order_id","created_at");--> statement-breakpoint
CREATE INDEX "rate_hops_order_idx" ON "rate_hops" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "carrier_refs_carrier_idx" ON "carrier_refs" USING btree ("connector_id","carrier_id");--> statement-breakpoint
CREATE INDEX "message_events_message_idx" ON "message_events" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "messages_tenant_idx" ON "messages" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "messages_msisdn_idx" ON "messages" USING btree ("msisdn","id");--> statement-breakpoint
CREATE INDEX "messages_campaign_idx" ON "messages" USING btree ("campaign_id","id") WHERE campaign_id is not null;--> statement-breakpoint
CREATE INDEX "messages_batch_idx" ON "messages" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "messages_reference_idx" ON "messages" USING btree ("tenant_id","reference") WHERE reference is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "parked_receipts_unique" ON "parked_receipts" USING btree ("connector_id","carrier_id","outcome");--> statement-breakpoint
CREATE INDEX "parked_receipts_open_idx" ON "parked_receipts" USING btree ("received_at") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "send_queue_free_idx" ON "send_queue" USING btree ("connector_id","lane","tenant_id","message_id") WHERE lease_owner is null and not is_held;--> statement-breakpoint
CREATE INDEX "send_queue_leased_idx" ON "send_queue" USING btree ("lease_owner") WHERE lease_owner is not null;--> statement-breakpoint
CREATE INDEX "send_queue_campaign_idx" ON "send_queue" USING btree ("campaign_id") WHERE campaign_id is not null;--> statement-breakpoint
CREATE INDEX "keyword_filters_tenant_idx" ON "keyword_filters" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "moderation_cases_tenant_idx" ON "moderation_cases" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "moderation_cases_open_idx" ON "moderation_cases" USING btree ("policy_tenant_id","id") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "emails_tenant_idx" ON "emails" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_seller_number_unique" ON "orders" USING btree ("seller_id","number");--> statement-breakpoint
CREATE INDEX "orders_buyer_idx" ON "orders" USING btree ("buyer_id","valid_until");--> statement-breakpoint
CREATE UNIQUE INDEX "price_list_items_unique" ON "price_list_items" USING btree ("price_list_id","country",coalesce("operator_id", '*'),"traffic_class");--> statement-breakpoint
CREATE INDEX "price_lists_tenant_idx" ON "price_lists" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "report_rollups_tenant_idx" ON "report_rollups" USING btree ("tenant_id","day");--> statement-breakpoint
CREATE INDEX "report_rollups_campaign_idx" ON "report_rollups" USING btree ("campaign_id");--> statement-breakpoint
CREATE INDEX "report_rollups_rate_idx" ON "report_rollups" USING btree ("rate_id");--> statement-breakpoint
CREATE INDEX "connectors_tenant_idx" ON "connectors" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "routes_tenant_idx" ON "routes" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "sender_decisions_sender_idx" ON "sender_decisions" USING btree ("sender_id");--> statement-breakpoint
CREATE UNIQUE INDEX "senders_tenant_name_unique" ON "senders" USING btree ("tenant_id",lower("name"));--> statement-breakpoint
CREATE INDEX "senders_reviewer_idx" ON "senders" USING btree ("reviewer_tenant_id");--> statement-breakpoint
CREATE INDEX "tenants_parent_idx" ON "tenants" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "tenants_ancestors_idx" ON "tenants" USING gin ("ancestors");