CREATE TABLE "wire_blocks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"worker" text NOT NULL,
	"kinds" smallint NOT NULL,
	"exchanges" integer NOT NULL,
	"bytes" "bytea" NOT NULL
);
--> statement-breakpoint
-- Packed already: Postgres does not try again.
ALTER TABLE "wire_blocks" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;--> statement-breakpoint
-- Nobody's and everybody's: read for messages that a reader was shown to have in scope.
SELECT banyan_guard('wire_blocks', 'false');
