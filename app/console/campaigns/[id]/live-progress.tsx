"use client";
/** How far a campaign is; the page is read again when its status changes. */
import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect } from "react";
import { Card } from "#app/_ui/card.tsx";
import { Count } from "#app/_ui/money.tsx";
import { type Part, StackedBar } from "#app/_ui/progress-bar.tsx";
import { StatTile } from "#app/_ui/stat-tile.tsx";
import { useProgress } from "#app/console/campaigns/[id]/use-progress.ts";
import type { Progress } from "#server/domain/campaigns/progress.ts";

export function LiveProgress({ initial }: { initial: Progress }) {
  const t = useTranslations("campaigns");
  const router = useRouter();
  const data = useProgress(initial);
  useEffect(() => {
    if (data.status !== initial.status) router.refresh();
  }, [data.status, initial.status, router]);
  if (!data.launchedAt) return null;
  return (
    <Card title={t("progress")} description={<Speed progress={data} />}>
      <Bar progress={data} />
      <div className="mt-5">
        <Figures progress={data} />
      </div>
    </Card>
  );
}

function Speed({ progress }: { progress: Progress }) {
  const t = useTranslations("campaigns");
  const format = useFormatter();
  const { sentPerSecond, secondsLeft } = progress;
  const isMoving = progress.status === "running" || progress.status === "sending";
  if (!isMoving) return sentPerSecond > 0 ? t("speedWas", { rate: format.number(sentPerSecond) }) : null;
  if (secondsLeft === null) return t("speedUnknown");
  return `${t("speed", { rate: format.number(sentPerSecond) })} · ${
    secondsLeft < 60
      ? t("secondsLeft", { count: secondsLeft })
      : t("minutesLeft", { count: Math.ceil(secondsLeft / 60) })
  }`;
}

function Bar({ progress }: { progress: Progress }) {
  const t = useTranslations("campaigns");
  const format = useFormatter();
  const { recipients, expanded } = progress;
  const values = {
    delivered: progress.delivered,
    awaitingReceipt: progress.awaitingReceipt,
    queued: progress.queued,
    unknown: progress.unknown,
    failed: progress.failed,
    refused: progress.refused,
    ahead: Math.max(0, recipients - expanded),
  };
  const colours: Record<keyof typeof values, string> = {
    delivered: "bg-success",
    awaitingReceipt: "bg-info",
    queued: "bg-chart-5",
    unknown: "bg-warning",
    failed: "bg-danger",
    refused: "bg-chart-4",
    ahead: "bg-line-strong",
  };
  const parts = (Object.keys(values) as (keyof typeof values)[]).map(
    (key): Part => ({
      key,
      label: t(`figure.${key}`),
      value: values[key],
      text: format.number(values[key]),
      className: colours[key],
    }),
  );
  return <StackedBar parts={parts.filter((part) => part.value > 0)} label={t("progress")} />;
}

function Figures({ progress }: { progress: Progress }) {
  const t = useTranslations("campaigns");
  const messages = `/console/messages?campaign=${progress.id}`;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatTile label={t("recipients")} value={<Count value={progress.recipients} />} />
      <StatTile
        label={t("figure.expanded")}
        value={<Count value={progress.expanded} />}
        note={t("figure.expandedNote")}
      />
      <StatTile
        label={t("figure.queued")}
        value={<Count value={progress.queued} />}
        href={`${messages}&status=queued`}
      />
      <StatTile
        label={t("figure.sent")}
        value={<Count value={progress.sent} />}
        note={t("figure.sentNote")}
        href={messages}
      />
      <StatTile
        label={t("figure.delivered")}
        value={<Count value={progress.delivered} />}
        href={`${messages}&status=delivered`}
      />
      <StatTile label={t("figure.failed")} value={<Count value={progress.failed} />} note={t("figure.failedNote")} />
      <StatTile
        label={t("figure.unknown")}
        value={<Count value={progress.unknown} />}
        note={t("figure.unknownNote")}
        href={`${messages}&status=unknown`}
      />
      <StatTile label={t("figure.refused")} value={<Count value={progress.refused} />} note={t("figure.refusedNote")} />
    </div>
  );
}
