"use client";
/** The queue as of the last count, read again while somebody looks. */
import { useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Count } from "#app/_ui/money.tsx";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";
import { type Column, Table } from "#app/_ui/table.tsx";
import { Duration } from "#app/console/queue/duration.tsx";
import type { LaneFigures, QueueView, TenantQueue } from "#server/domain/throughput/queue-figures.ts";

const everyMs = 2_000;

export function LiveQueue({ initial, canOpenTenants }: { initial: QueueView; canOpenTenants: boolean }) {
  const t = useTranslations("throughput");
  const trpc = useTRPC();
  const query = useQuery(trpc.throughput.queue.queryOptions({}, { initialData: initial, refetchInterval: everyMs }));
  const queue = query.data ?? initial;
  const columns: Column<TenantQueue>[] = [
    { key: "tenant", header: t("queue.tenant"), cell: (row) => row.tenantName },
    ...queue.lanes.map(
      ({ lane }, place): Column<TenantQueue> => ({
        key: lane,
        header: t(`lanes.${lane}`),
        cell: (row) => <LaneCell figures={row.lanes[place]} />,
      }),
    ),
  ];
  return (
    <div className="flex flex-col gap-5">
      <StatRow>
        {queue.lanes.map((figures) => (
          <StatTile
            key={figures.lane}
            label={t(`lanes.${figures.lane}`)}
            value={<Count value={figures.waiting} />}
            note={<LaneNote figures={figures} />}
          />
        ))}
      </StatRow>
      <section>
        <h2 className="pb-2.5 font-semibold text-base">{t("queue.byTenant")}</h2>
        <Table
          caption={t("queue.byTenant")}
          columns={columns}
          rows={queue.tenants}
          rowKey={(row) => row.tenantId}
          rowHref={canOpenTenants ? (row) => `/console/tenants/${row.tenantId}` : undefined}
          empty={<EmptyState icon={Inbox} title={t("queue.none")} description={t("queue.noneHint")} />}
        />
      </section>
      <p className="text-ink-faint text-xs">
        {queue.countedAt ? (
          <>
            {t("queue.countedAt")} <DateTime value={queue.countedAt} precision="second" />.{" "}
          </>
        ) : null}
        {t("queue.note")}
      </p>
    </div>
  );
}

function LaneCell({ figures }: { figures: LaneFigures | undefined }) {
  if (!figures || figures.waiting === 0) return <span className="text-ink-faint">–</span>;
  return (
    <span className="flex flex-col max-sm:items-end">
      <Count value={figures.waiting} />
      <span className="flex flex-wrap gap-x-1.5 text-ink-faint text-xs max-sm:justify-end">
        <LaneNote figures={figures} />
      </span>
    </span>
  );
}

/** Since when, for how much longer, and what of it does not move. */
function LaneNote({ figures }: { figures: LaneFigures }) {
  const t = useTranslations("throughput");
  const { waiting, held, scheduled, oldestSeconds, drainSeconds } = figures;
  if (waiting === 0) return t("queue.nothing");
  return (
    <>
      {oldestSeconds === null ? null : (
        <span>{t.rich("queue.oldest", { time: () => <Duration seconds={oldestSeconds} /> })}</span>
      )}
      {oldestSeconds === null ? null : drainSeconds === null ? (
        <span className="text-warning">{t("queue.standsStill")}</span>
      ) : (
        <span>{t.rich("queue.drains", { time: () => <Duration seconds={drainSeconds} /> })}</span>
      )}
      {held > 0 ? <span>{t("queue.held", { count: held })}</span> : null}
      {scheduled > 0 ? <span>{t("queue.scheduled", { count: scheduled })}</span> : null}
    </>
  );
}
