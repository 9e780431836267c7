CREATE TABLE "connector_workers" (
	"owner" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
SELECT banyan_guard('connector_workers', 'false');
