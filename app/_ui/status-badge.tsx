/** A status in the reader's language and in the colour that it has everywhere. */
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#app/_ui/badge.tsx";

const tones: Record<string, Tone> = {
  // tenants, users, keys
  active: "success",
  suspended: "danger",
  invited: "info",
  disabled: "neutral",
  revoked: "neutral",
  // messages
  review: "warning",
  queued: "neutral",
  sending: "info",
  sent: "info",
  delivered: "success",
  undelivered: "danger",
  failed: "danger",
  expired: "neutral",
  cancelled: "neutral",
  rejected: "danger",
  unknown: "warning",
  // campaigns, senders, moderation
  draft: "neutral",
  pending: "warning",
  approved: "success",
  scheduled: "info",
  running: "info",
  preparing: "info",
  paused: "warning",
  stopped: "neutral",
  stopping: "warning",
  completed: "success",
  done: "success",
  // orders
  signed: "info",
  nearly_used: "warning",
  used_up: "neutral",
  closed: "neutral",
  // connectors
  bound: "success",
  connecting: "warning",
  down: "danger",
};

export const statusTone = (status: string): Tone => tones[status] ?? "neutral";

/** Texts stand in `ui.status.<status>`; a status without a text shows as its own word. */
export function StatusBadge({ status }: { status: string }) {
  const t = useTranslations("ui.status");
  return (
    <Badge tone={statusTone(status)} dot>
      {t.has(status) ? t(status) : status.replaceAll("_", " ")}
    </Badge>
  );
}
