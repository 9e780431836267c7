/** The dashboard: where this tenant stands, and the next steps. */
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requireViewer, type Viewer } from "#app/_trpc/viewer.ts";
import { Card } from "#app/_ui/card.tsx";
import { Count } from "#app/_ui/money.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";

export default async function DashboardPage() {
  const viewer = await requireViewer();
  const [caller, t, roles] = await Promise.all([api(), getTranslations("dashboard"), getTranslations("roles")]);
  const below = (await caller.tenants.list()).filter((row) => row.id !== viewer.tenant.id);
  const suspended = below.filter((row) => row.status === "suspended").length;
  return (
    <>
      <PageHeader title={t("title")} description={t("hello", { name: viewer.user.name })} />
      <div className="flex flex-col gap-5">
        <StatRow>
          <StatTile
            label={t("tenantsBelow")}
            value={<Count value={below.length} />}
            note={t("suspendedCount", { count: suspended })}
            href="/console/tenants"
          />
          <StatTile label={t("yourCurrency")} value={viewer.tenant.currency} />
          <StatTile label={t("yourZone")} value={viewer.tenant.timeZone} />
          <StatTile label={t("yourRole")} value={roles(viewer.user.role)} note={viewer.tenant.name} />
        </StatRow>
        <NextSteps viewer={viewer} />
      </div>
    </>
  );
}

const steps = [
  { key: "stepTenant", href: "/console/tenants", permission: "tenants.write" },
  { key: "stepSender", href: "/console/senders", permission: "senders.register" },
  { key: "stepRecipients", href: "/console/recipients", permission: "contacts.write" },
  { key: "stepCampaign", href: "/console/campaigns", permission: "campaigns.write" },
] as const;

async function NextSteps({ viewer }: { viewer: Viewer }) {
  const t = await getTranslations("dashboard");
  const open = steps.filter((step) => viewer.may(step.permission));
  if (open.length === 0) return null;
  return (
    <Card title={t("nextSteps")} description={t("nextStepsLead")}>
      <ol className="-mx-4 -mb-4 divide-y border-line border-t">
        {open.map((step, at) => (
          <li key={step.key}>
            <Link
              href={step.href}
              className="flex items-center gap-3 px-4 py-3 transition-colors hover:bg-subtle focus-visible:outline-offset-[-2px]"
            >
              <span
                aria-hidden
                className="flex size-6 shrink-0 items-center justify-center rounded-full bg-brand-soft font-semibold text-brand-ink text-xs"
              >
                {at + 1}
              </span>
              <span className="min-w-0 flex-1">
                <span className="block font-medium text-base text-ink">{t(step.key)}</span>
                <span className="block text-ink-faint text-sm">{t(`${step.key}Hint`)}</span>
              </span>
              <ChevronRight className="size-4 shrink-0 text-ink-faint" aria-hidden />
            </Link>
          </li>
        ))}
      </ol>
    </Card>
  );
}
