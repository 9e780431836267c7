/** Where the figures come from, how fresh they are, and which day a message belongs to. */
import { Info } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { DateTime } from "#app/_ui/date-time.tsx";

/** @property readAt when the figures were read */
export async function FiguresNote({ readAt, children }: { readAt: Date; children?: ReactNode }) {
  const t = await getTranslations("reports");
  return (
    <div className="flex gap-2 text-ink-faint text-xs">
      <Info className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      <div className="flex max-w-3xl flex-col gap-1">
        <p>
          {t("source")} {t.rich("readAt", { when: () => <DateTime value={readAt} precision="second" /> })}
        </p>
        <p>{t("days")}</p>
        {children}
      </div>
    </div>
  );
}
