"use client";
/** A chosen file whose beginning cannot be read: which row and why, or what to choose instead. */
import { useTranslations } from "next-intl";
import { Callout } from "#app/_ui/callout.tsx";
import { FileFault } from "#app/console/recipients/import-failure.tsx";
import type { Fault } from "#app/console/recipients/upload/find-fault.ts";

export function UnreadableFile({ fault }: { fault: Fault | null }) {
  const t = useTranslations("contacts");
  if (fault) return <FileFault row={fault.row} reason={fault.key} />;
  return (
    <Callout kind="danger" title={t("noPreview")}>
      {t("noPreviewHint")}
    </Callout>
  );
}
