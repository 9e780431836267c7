"use client";
/** The live counter: alphabet, characters used of those that fit, parts. */
import { useFormatter, useTranslations } from "next-intl";
import { cn } from "#app/_ui/cn.ts";
import { maxParts, type Segments } from "#server/domain/messages/segment.ts";

export function PartCounter({ segments, hasVariables }: { segments: Segments; hasVariables: boolean }) {
  const t = useTranslations("campaigns");
  const format = useFormatter();
  const { encoding, units, unitsLeft, parts } = segments;
  const isTooLong = parts > maxParts;
  return (
    <p role="status" className={cn("font-medium text-sm tabular-nums", isTooLong ? "text-danger" : "text-ink-muted")}>
      {encoding === "gsm7" ? "GSM-7" : "Unicode"} · {format.number(units)}/{format.number(units + unitsLeft)} ·{" "}
      {t("parts", { count: parts })}
      {isTooLong ? ` · ${t("tooLong", { max: maxParts })}` : null}
      {!isTooLong && hasVariables ? <span className="font-normal text-ink-faint"> · {t("withoutValues")}</span> : null}
    </p>
  );
}
