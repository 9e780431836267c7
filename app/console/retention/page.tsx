/** Data retention: the days of messages that there are, what they take on the disk, and when each of them goes. */
import { Archive } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Count } from "#app/_ui/money.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";
import { type Column, Table } from "#app/_ui/table.tsx";
import { ByteSize } from "#app/console/retention/byte-size.tsx";
import { Day } from "#app/console/retention/day.tsx";
import { SetRetention } from "#app/console/retention/set-retention.tsx";
import type { KeptDay, KeptPart } from "#server/domain/retention/get-retention.ts";

const kinds = ["messages", "history", "receipts"] as const;

export async function generateMetadata() {
  return { title: (await getTranslations("retention"))("title") };
}

export default async function RetentionPage() {
  const viewer = await requirePermission("retention.read");
  const [caller, t] = await Promise.all([api(), getTranslations("retention")]);
  const view = await found(caller.retention.get({}));
  const { policy } = view;
  const columns: Column<KeptDay>[] = [
    { key: "day", header: t("day"), cell: (row) => <Day value={row.day} /> },
    { key: "state", header: t("state"), cell: (row) => <State row={row} /> },
    {
      key: "count",
      header: t("count"),
      align: "right",
      cell: (row) => (row.messageCount === null ? "–" : <Count value={row.messageCount} />),
    },
    ...kinds.map(
      (kind): Column<KeptDay> => ({
        key: kind,
        header: t(`kinds.${kind}`),
        align: "right",
        cell: (row) => <Part part={row.kept[kind]} />,
      }),
    ),
  ];
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("lead")}
        actions={viewer.may("retention.write") ? <SetRetention policy={policy} /> : null}
      />
      <div className="flex flex-col gap-5">
        <StatRow>
          {kinds.map((kind) => (
            <StatTile
              key={kind}
              label={t(`kinds.${kind}`)}
              value={policy[kind] === null ? t("forever") : t("days", { count: policy[kind] })}
              note={t(`kindsNote.${kind}`)}
            />
          ))}
          <StatTile
            label={t("onDisk")}
            value={<ByteSize value={view.totalBytes} />}
            note={t("next", { count: view.next.partitions, waiting: view.waiting.days.length })}
          />
        </StatRow>
        <Table
          caption={t("title")}
          columns={columns}
          rows={view.days}
          rowKey={(row) => row.day}
          empty={<EmptyState icon={Archive} title={t("none")} />}
        />
        <p className="text-ink-faint text-xs">{t("note")}</p>
      </div>
    </>
  );
}

async function State({ row }: { row: KeptDay }) {
  const t = await getTranslations("retention");
  if (row.settledAt) return t("settled");
  if (row.openCampaigns) return t("waitsForCampaigns", { count: row.openCampaigns });
  if (row.closedAt) return t("waitsForMessages", { count: row.openMessages ?? 0 });
  return <span className="text-ink-faint">{t("open")}</span>;
}

/** What it takes, and below it the day on which it goes. */
async function Part({ part }: { part: KeptPart | null }) {
  const t = await getTranslations("retention");
  if (!part) return <span className="text-ink-faint">{t("gone")}</span>;
  return (
    <span className="flex flex-col items-end">
      <ByteSize value={part.bytes} />
      <span className="text-ink-faint text-xs">
        {part.dropsOn ? t.rich("until", { day: () => <Day value={part.dropsOn} /> }) : t("forever")}
      </span>
    </span>
  );
}
