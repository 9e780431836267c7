"use client";
/** A page that failed on our side: says so plainly, with a number for support and a way to try again. */
import { useTranslations } from "next-intl";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";

export type FailureProps = { error: Error & { digest?: string }; reset: () => void };

export function Failure({ error, reset }: FailureProps) {
  const t = useTranslations("shell");
  return (
    <Callout kind="danger" title={t("errorTitle")} action={<Button onClick={reset}>{t("tryAgain")}</Button>}>
      <p>{t("errorText")}</p>
      {error.digest ? <code className="mt-1 block font-mono text-xs">{error.digest}</code> : null}
    </Callout>
  );
}
