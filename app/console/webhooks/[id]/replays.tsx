"use client";
/** Tells once more of a range of messages, and shows how far that is. */
import { useQuery } from "@tanstack/react-query";
import { History, Square } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Card } from "#app/_ui/card.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { FieldRow } from "#app/_ui/form-fields.tsx";
import { Count } from "#app/_ui/money.tsx";
import { ProgressBar } from "#app/_ui/progress-bar.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { type Column, RowActions, Table } from "#app/_ui/table.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import { DateTimeField } from "#app/_ui/value-fields.tsx";
import { replayRange } from "#server/domain/webhooks/input.ts";
import type { Replay } from "#server/domain/webhooks/replay.ts";

const everyMs = 2_000;

export function Replays({ webhookId, initial, mayWrite }: { webhookId: string; initial: Replay[]; mayWrite: boolean }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  const query = useQuery(
    trpc.webhooks.replays.queryOptions(
      { id: webhookId },
      {
        initialData: initial,
        refetchInterval: ({ state }) => (state.data?.some(({ status }) => status === "running") ? everyMs : false),
      },
    ),
  );
  const rows = query.data ?? initial;
  const columns: Column<Replay>[] = [
    {
      key: "range",
      header: t("range"),
      cell: (row) => (
        <span className="flex flex-wrap gap-x-1.5">
          <DateTime value={row.fromAt} hideZone /> – <DateTime value={row.toAt} hideZone />
        </span>
      ),
    },
    {
      key: "status",
      header: t("state"),
      cell: (row) => (row.status === "running" ? <Progress replay={row} /> : <StatusBadge status={row.status} />),
    },
    { key: "queued", header: t("queued"), align: "right", cell: (row) => <Count value={row.queued} /> },
    ...(mayWrite ? [actionsColumn(t("actions"))] : []),
  ];
  return (
    <Card
      title={t("replays")}
      description={t("replaysLead")}
      actions={mayWrite ? <StartReplay webhookId={webhookId} onDone={() => query.refetch()} /> : null}
    >
      <div aria-live="polite">
        <Table
          caption={t("replays")}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          empty={<p className="text-ink-faint text-sm">{t("noReplays")}</p>}
        />
      </div>
    </Card>
  );
}

const actionsColumn = (header: string): Column<Replay> => ({
  key: "actions",
  header,
  align: "right",
  cell: (row) => <RowActions>{row.status === "running" ? <StopReplay id={row.id} /> : null}</RowActions>,
});

/** Ids begin with their time: the last message looked at says how far it is in the range. */
function Progress({ replay: { fromAt, toAt, cursor } }: { replay: Replay }) {
  const t = useTranslations("webhooks");
  const reachedMs = cursor ? Number.parseInt(cursor.slice(0, 8) + cursor.slice(9, 13), 16) : fromAt.getTime();
  const share = (reachedMs - fromAt.getTime()) / (toAt.getTime() - fromAt.getTime());
  return (
    <span className="block min-w-24">
      <ProgressBar share={share} label={t("progress")} />
    </span>
  );
}

function StopReplay({ id }: { id: string }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  const { run, isPending } = useVerb(trpc.webhooks.stopReplay.mutationOptions(), { success: t("replayStopped") });
  return (
    <Button size="sm" look="ghost" icon={<Square aria-hidden />} busy={isPending} onClick={() => run({ id })}>
      {t("stop")}
    </Button>
  );
}

function StartReplay({ webhookId, onDone }: { webhookId: string; onDone: () => void }) {
  const t = useTranslations("webhooks");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("replay")}
      description={t("replayLead")}
      trigger={<Button icon={<History aria-hidden />}>{t("replay")}</Button>}
      schema={replayRange}
      verb={trpc.webhooks.replayRange.mutationOptions()}
      freshIdAs="id"
      defaults={{ webhookId }}
      submit={t("replayStart")}
      success={t("replayStarted")}
      onDone={onDone}
    >
      <FieldRow>
        <DateTimeField name="from" label={t("from")} />
        <DateTimeField name="to" label={t("to")} />
      </FieldRow>
      <Callout>{t("replayHint")}</Callout>
    </FormDialog>
  );
}
