CREATE TABLE "workflow_crons" (
	"function_id" text NOT NULL,
	"expression" text NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "workflow_crons_function_id_expression_pk" PRIMARY KEY("function_id","expression")
);
--> statement-breakpoint
CREATE TABLE "workflow_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"payload" json NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workflow_functions" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"name" text NOT NULL,
	"config" json NOT NULL,
	"url" text NOT NULL,
	"is_active" boolean NOT NULL,
	"synced_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workflow_jobs" (
	"run_id" uuid NOT NULL,
	"step_id" text NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"group_keys" text[] NOT NULL,
	"group_limits" integer[] NOT NULL,
	"lease_token" uuid,
	"lease_until" timestamp with time zone,
	"is_again" boolean DEFAULT false NOT NULL,
	"missing_since" timestamp with time zone,
	CONSTRAINT "workflow_jobs_run_id_step_id_pk" PRIMARY KEY("run_id","step_id")
);
--> statement-breakpoint
CREATE TABLE "workflow_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"function_id" text NOT NULL,
	"status" text NOT NULL,
	"event_name" text NOT NULL,
	"events" json NOT NULL,
	"group_keys" text[] NOT NULL,
	"group_limits" integer[] NOT NULL,
	"parent_run_id" uuid,
	"parent_step_id" text,
	"step_count" integer DEFAULT 0 NOT NULL,
	"output" json,
	"error" json,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workflow_seen" (
	"key" text PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workflow_steps" (
	"run_id" uuid NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"op" text NOT NULL,
	"data" json,
	"error" json,
	"position" integer NOT NULL,
	"stored_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_steps_run_id_id_pk" PRIMARY KEY("run_id","id")
);
--> statement-breakpoint
CREATE TABLE "workflow_waits" (
	"run_id" uuid NOT NULL,
	"step_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"due_at" timestamp with time zone,
	"event_name" text,
	"match_path" text,
	"match_key" text,
	"conditions" json,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_waits_run_id_step_id_pk" PRIMARY KEY("run_id","step_id")
);
--> statement-breakpoint
ALTER TABLE "workflow_crons" ADD CONSTRAINT "workflow_crons_function_id_workflow_functions_id_fk" FOREIGN KEY ("function_id") REFERENCES "public"."workflow_functions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_jobs" ADD CONSTRAINT "workflow_jobs_run_id_workflow_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."workflow_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_steps" ADD CONSTRAINT "workflow_steps_run_id_workflow_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."workflow_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_waits" ADD CONSTRAINT "workflow_waits_run_id_workflow_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."workflow_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "workflow_crons_next_idx" ON "workflow_crons" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "workflow_events_received_idx" ON "workflow_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "workflow_jobs_due_idx" ON "workflow_jobs" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "workflow_runs_status_idx" ON "workflow_runs" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "workflow_runs_ended_idx" ON "workflow_runs" USING btree ("ended_at") WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX "workflow_seen_at_idx" ON "workflow_seen" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "workflow_waits_due_idx" ON "workflow_waits" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "workflow_waits_event_idx" ON "workflow_waits" USING btree ("event_name","match_key") WHERE event_name is not null;--> statement-breakpoint
SELECT banyan_guard(t::regclass, 'false') FROM unnest(ARRAY[
  'workflow_functions','workflow_crons','workflow_seen','workflow_events','workflow_runs','workflow_steps',
  'workflow_jobs','workflow_waits'
]) AS t;
--> statement-breakpoint
ALTER TABLE workflow_jobs SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
--> statement-breakpoint
-- Wakes the relay when a transaction with events commits. No payload: one notification a transaction, however many events.
CREATE FUNCTION banyan_outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_notify('outbox', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER outbox_notify AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION banyan_outbox_notify();
