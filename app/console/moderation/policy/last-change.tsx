/** Who changed what is asked of a tenant last: from the audit log, for those who may read it. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requireViewer } from "#app/_trpc/viewer.ts";
import { DateTime } from "#app/_ui/date-time.tsx";

export async function LastChange({ tenantId }: { tenantId: string }) {
  const [viewer, caller, t] = await Promise.all([requireViewer(), api(), getTranslations("moderation")]);
  if (!viewer.may("audit.read")) return null;
  const { items } = await found(
    caller.audit.list({ tenantId, action: "moderation.set_policy", subjectId: tenantId, limit: 1 }),
  );
  const [last] = items;
  if (!last) return null;
  // Nobody stands above a root: an actor without a name there is the platform itself.
  const unnamed = t(viewer.tenant.parentId === null ? "changedByPlatform" : "changedByProvider");
  return (
    <p className="text-ink-faint text-sm">
      {last.actorName === null ? unnamed : t("changedBy", { name: last.actorName })} ·{" "}
      <DateTime value={last.createdAt} />
    </p>
  );
}
