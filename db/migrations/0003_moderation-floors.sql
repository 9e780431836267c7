CREATE TABLE "moderation_floors" (
	"tenant_id" uuid NOT NULL,
	"set_by_tenant_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "moderation_floors_tenant_id_set_by_tenant_id_pk" PRIMARY KEY("tenant_id","set_by_tenant_id")
);
--> statement-breakpoint
ALTER TABLE "keyword_filters" ADD COLUMN "set_by_tenant_id" uuid;--> statement-breakpoint
ALTER TABLE "moderation_floors" ADD CONSTRAINT "moderation_floors_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_floors" ADD CONSTRAINT "moderation_floors_set_by_tenant_id_tenants_id_fk" FOREIGN KEY ("set_by_tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- By who set it, not by whom it binds: a tenant does not even see what stands above it, let alone change it.
SELECT banyan_guard('moderation_floors', 'set_by_tenant_id = ANY ((SELECT banyan_scope())::uuid[])');
--> statement-breakpoint
-- What a person above had set on a tenant stays in force as that person's tenant's word.
SET LOCAL ROLE banyan_system;
--> statement-breakpoint
INSERT INTO moderation_floors (tenant_id, set_by_tenant_id, mode, updated_at)
SELECT p.tenant_id, u.tenant_id, p.mode, p.updated_at
FROM moderation_policies p
CROSS JOIN LATERAL (
  SELECT a.actor_id FROM audit_log a
  WHERE a.action = 'moderation.set_policy' AND a.subject_id = p.tenant_id::text AND a.actor_type = 'user'
  ORDER BY a.id DESC LIMIT 1
) last
JOIN users u ON u.id::text = last.actor_id
JOIN tenants t ON t.id = p.tenant_id
WHERE u.tenant_id <> p.tenant_id AND u.tenant_id = ANY (t.ancestors);
--> statement-breakpoint
RESET ROLE;
