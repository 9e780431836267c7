"use client";
/** Whether the draft is kept: said quietly, loudly only when it could not be. */
import { Check, LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#app/_ui/button.tsx";
import { useErrorText } from "#app/_ui/use-verb.ts";
import type { Saving } from "#app/console/campaigns/compose/use-draft.ts";

export function SavedState({ saving, onRetry }: { saving: Saving; onRetry: () => void }) {
  const t = useTranslations("campaigns");
  const errorText = useErrorText();
  if (saving.kind === "failed") {
    return (
      <span role="alert" className="ml-auto flex items-center gap-2 text-danger text-sm">
        {t("saving.failed")} {errorText(saving.error)}
        <Button size="sm" onClick={onRetry}>
          {t("saving.again")}
        </Button>
      </span>
    );
  }
  if (saving.kind === "unreadable") {
    return (
      <span role="status" className="ml-auto text-warning text-xs">
        {t("saving.unreadable")}
      </span>
    );
  }
  return (
    <span role="status" className="ml-auto flex items-center gap-1.5 text-ink-faint text-xs">
      {saving.kind === "saved" ? (
        <Check className="size-3.5 text-success" aria-hidden />
      ) : (
        <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
      )}
      {t(saving.kind === "saved" ? "saving.saved" : "saving.saving")}
    </span>
  );
}
