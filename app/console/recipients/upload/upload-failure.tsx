"use client";
/** Why an upload failed, and the way on. */
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Callout } from "#app/_ui/callout.tsx";
import { ImportFailure } from "#app/console/recipients/import-failure.tsx";
import type { UploadError } from "#app/console/recipients/upload/send-file.ts";

export function UploadFailure({ error, action }: { error: UploadError | null; action: ReactNode }) {
  const t = useTranslations("contacts");
  const errors = useTranslations("errors");
  if (error?.code === "malformed_csv" || error?.code === "column_not_found") {
    return <ImportFailure failure={error.message} action={action} />;
  }
  return (
    <Callout kind="danger" title={t("failed")} action={action}>
      {error && errors.has(error.code) ? errors(error.code) : (error?.message ?? t("failure.brokeOff"))}
    </Callout>
  );
}
