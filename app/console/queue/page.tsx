/** What waits for carriers: by lane, and by tenant. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { LiveQueue } from "#app/console/queue/live-queue.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("throughput"))("queue.title") };
}

export default async function QueuePage() {
  const [viewer, caller, t] = await Promise.all([
    requirePermission("messages.read"),
    api(),
    getTranslations("throughput"),
  ]);
  return (
    <>
      <PageHeader title={t("queue.title")} description={t("queue.lead")} />
      <LiveQueue initial={await caller.throughput.queue({})} canOpenTenants={viewer.may("tenants.read")} />
    </>
  );
}
