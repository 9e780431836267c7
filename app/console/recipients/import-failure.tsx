/** A file that could not be read: the row, the reason, what to do. */
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Callout } from "#app/_ui/callout.tsx";
import { type FailureKey, readFailure } from "#app/console/recipients/failure-text.ts";

/** @property failure as the list keeps it */
export function ImportFailure({ failure, action }: { failure: string; action?: ReactNode }) {
  const { row, key, text } = readFailure(failure);
  return <FileFault row={row} reason={key} text={text} action={action} />;
}

/** @property text stands there for a reason without a translation */
export function FileFault({
  row,
  reason,
  text,
  action,
}: {
  row: number | null;
  reason: FailureKey | null;
  text?: string;
  action?: ReactNode;
}) {
  const t = useTranslations("contacts");
  return (
    <Callout kind="danger" title={row === null ? t("failed") : t("failedAtRow", { row })} action={action}>
      {reason ? t(`failure.${reason}`) : text}
    </Callout>
  );
}
