"use client";
/** Tries a text against the filters on the page, with the matcher that screens messages. */
import { useTranslations } from "next-intl";
import { useDeferredValue, useId, useMemo, useState } from "react";
import { Badge } from "#app/_ui/badge.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Textarea } from "#app/_ui/input.tsx";
import { fold } from "#server/domain/moderation/fold.ts";
import { compileMatcher } from "#server/domain/moderation/matcher.ts";

type Filter = { id: string; phrase: string; action: "review" | "block" };

export function TestText({ filters }: { filters: Filter[] }) {
  const t = useTranslations("moderation");
  const id = useId();
  const [text, setText] = useState("");
  const read = useDeferredValue(text);
  const matcher = useMemo(
    () => compileMatcher(filters.map((filter) => ({ phrase: filter.phrase, value: filter }))),
    [filters],
  );
  const found = useMemo(() => (read.trim() ? matcher.find(fold(read)) : []), [matcher, read]);
  return (
    <div className="flex flex-col gap-3">
      <Field id={id} label={t("testLabel")}>
        {(box) => <Textarea {...box} rows={3} value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <div role="status" className="flex min-h-6 flex-wrap items-center gap-2 text-ink-muted text-sm">
        {read.trim() === "" ? t("testEmpty") : null}
        {read.trim() !== "" && found.length === 0 ? t("testPasses") : null}
        {found.length > 0 ? t("testFound") : null}
        {found.map((filter) => (
          <Badge key={filter.id} tone={filter.action === "block" ? "danger" : "warning"}>
            {filter.phrase} · {t(`actionShort.${filter.action}`)}
          </Badge>
        ))}
      </div>
    </div>
  );
}
