/** The columns of endpoints. */
import { getTranslations } from "next-intl/server";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Count } from "#app/_ui/money.tsx";
import type { Column } from "#app/_ui/table.tsx";
import { webhookName } from "#app/console/webhooks/webhook-name.ts";
import { WebhookState } from "#app/console/webhooks/webhook-state.tsx";
import type { WebhookWithQueue } from "#server/domain/webhooks/list.ts";

export async function webhookColumns(): Promise<Column<WebhookWithQueue>[]> {
  const t = await getTranslations("webhooks");
  return [
    {
      key: "name",
      header: t("webhook"),
      cell: (row) => (
        <span className="block min-w-0">
          <span className="block truncate">{webhookName(row)}</span>
          <span className="block max-w-md truncate font-mono font-normal text-ink-faint text-xs">{row.url}</span>
        </span>
      ),
    },
    { key: "state", header: t("state"), cell: (row) => <WebhookState webhook={row} /> },
    {
      key: "waiting",
      header: t("waiting"),
      align: "right",
      cell: (row) => <Count value={row.waiting.fresh + row.waiting.retries} />,
    },
    {
      key: "lastSuccess",
      header: t("lastSuccess"),
      cell: (row) => <DateTime value={row.lastSuccessAt} />,
      wideOnly: true,
    },
    {
      key: "events",
      header: t("events"),
      align: "right",
      cell: (row) => <Count value={row.events.length} />,
      wideOnly: true,
    },
  ];
}
