/** A failed import: the row, the reason, what to do. */
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Callout } from "#app/_ui/callout.tsx";
import { readFailure } from "#app/console/recipients/failure-text.ts";

export function ImportFailure({ failure, action }: { failure: string; action?: ReactNode }) {
  const t = useTranslations("contacts");
  const { row, key, text } = readFailure(failure);
  return (
    <Callout kind="danger" title={row === null ? t("failed") : t("failedAtRow", { row })} action={action}>
      {key ? t(`failure.${key}`) : text}
    </Callout>
  );
}
