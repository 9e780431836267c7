/** What was sent to an endpoint: the columns of that table. */
import { getTranslations } from "next-intl/server";
import { Badge, type Tone } from "#app/_ui/badge.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { HoverLink } from "#app/_ui/hover-link.tsx";
import { Count } from "#app/_ui/money.tsx";
import type { Column } from "#app/_ui/table.tsx";
import type { WebhookAttempt } from "#server/domain/webhooks/list.ts";

const tones: Record<WebhookAttempt["outcome"], Tone> = {
  delivered: "success",
  retried: "warning",
  given_up: "danger",
  test_passed: "info",
  test_failed: "danger",
};

export async function attemptColumns(): Promise<Column<WebhookAttempt>[]> {
  const t = await getTranslations("webhooks");
  return [
    { key: "at", header: t("at"), cell: (row) => <DateTime value={row.at} precision="second" /> },
    {
      key: "outcome",
      header: t("outcome"),
      cell: (row) => <Badge tone={tones[row.outcome]}>{t(`outcomes.${row.outcome}`)}</Badge>,
    },
    {
      key: "answer",
      header: t("answer"),
      cell: (row) => {
        const why = row.error && t.has(`error.${row.error}`) ? t(`error.${row.error}`) : row.error;
        return [row.statusCode, why].filter(Boolean).join(" · ") || "–";
      },
    },
    {
      key: "attempt",
      header: t("attempt"),
      align: "right",
      cell: (row) => <Count value={row.attempt} />,
      wideOnly: true,
    },
    { key: "events", header: t("events"), align: "right", cell: (row) => <Count value={row.events} /> },
    {
      key: "requests",
      header: t("requests"),
      align: "right",
      cell: (row) => <Count value={row.requests} />,
      wideOnly: true,
    },
    { key: "took", header: t("took"), align: "right", cell: (row) => t("ms", { ms: row.durationMs }), wideOnly: true },
    {
      key: "message",
      header: t("message"),
      cell: (row) => {
        const [first] = row.messageIds;
        if (!first || row.events !== 1) return "–";
        return (
          <HoverLink href={`/console/messages/${first}`} className="font-mono text-brand-ink text-xs">
            …{first.slice(-12)}
          </HoverLink>
        );
      },
      wideOnly: true,
    },
  ];
}
