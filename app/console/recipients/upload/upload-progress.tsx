"use client";
/** How far an upload is: what has left the browser, and what the import has read so far. */
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ProgressBar } from "#app/_ui/progress-bar.tsx";

const pollMs = 1_000;
const limit = 20;

type UploadProgressProps = { id: string; share: number; fileName: string; onCancel: () => void };

export function UploadProgress({ id, share, fileName, onCancel }: UploadProgressProps) {
  const t = useTranslations("contacts");
  const ui = useTranslations("ui");
  const format = useFormatter();
  const trpc = useTRPC();
  // Until the first rows are read there is no list: it is looked for among the newest.
  const { data: lists } = useQuery({ ...trpc.contacts.lists.queryOptions({ limit }), refetchInterval: pollMs });
  const data = lists?.items.find((list) => list.id === id);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between gap-3">
        <p className="min-w-0 truncate font-medium text-base text-ink">{fileName}</p>
        <p className="text-ink-muted text-sm tabular-nums">
          {format.number(share, { style: "percent", maximumFractionDigits: 0 })}
        </p>
      </div>
      <ProgressBar share={share} label={t("uploading")} />
      <p role="status" className="text-ink-muted text-sm">
        {share < 1 ? t("uploading") : t("importing")}
        {data && data.rowCount > 0
          ? ` · ${t("readSoFar", { rows: data.rowCount, accepted: data.acceptedCount })}`
          : null}
      </p>
      <div className="flex justify-end">
        <Button onClick={onCancel}>{ui("cancel")}</Button>
      </div>
    </div>
  );
}
