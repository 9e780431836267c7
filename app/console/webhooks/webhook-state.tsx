/** How an endpoint stands, in one badge: failing counts as a state of its own. */
import { useTranslations } from "next-intl";
import { Badge } from "#app/_ui/badge.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import type { WebhookEndpoint } from "#server/domain/webhooks/scope.ts";

export function WebhookState({ webhook }: { webhook: Pick<WebhookEndpoint, "status" | "failingSince"> }) {
  const t = useTranslations("webhooks");
  if (webhook.status !== "active" || webhook.failingSince === null) return <StatusBadge status={webhook.status} />;
  return (
    <Badge tone="danger" dot>
      {t("failing")}
    </Badge>
  );
}
