/** Cursor paging in the URL: `cursor` is where this page starts, `trail` the pages before it. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "#app/_ui/button.tsx";
import { hrefWith, type SearchParams, single } from "#app/_ui/search-params.ts";

/** Deep enough to walk back by; the first page is always one click away by clearing the filters. */
const maxTrail = 12;

/** @property count how many rows this page shows */
export function Pager({
  path,
  params,
  nextCursor,
  count,
}: {
  path: string;
  params: SearchParams;
  nextCursor: string | null;
  count: number;
}) {
  const t = useTranslations("ui");
  const cursor = single(params.cursor);
  const trail = (single(params.trail) ?? "").split(".").filter(Boolean);
  if (!nextCursor && !cursor) return null;
  const back = hrefWith(path, params, { cursor: trail.at(-1), trail: trail.slice(0, -1).join(".") || undefined });
  const ahead = [...trail, ...(cursor ? [cursor] : [])].slice(-maxTrail).join(".");
  return (
    <nav aria-label={t("pages")} className="flex items-center justify-between gap-2 pt-3">
      <p className="text-ink-faint text-xs">{t("shown", { count })}</p>
      <div className="flex gap-2">
        {cursor ? (
          <ButtonLink href={back} size="sm" icon={<ChevronLeft aria-hidden />} rel="prev">
            {t("previous")}
          </ButtonLink>
        ) : null}
        {nextCursor ? (
          <ButtonLink
            href={hrefWith(path, params, { cursor: nextCursor, trail: ahead || undefined })}
            size="sm"
            rel="next"
          >
            {t("next")}
            <ChevronRight aria-hidden />
          </ButtonLink>
        ) : null}
      </div>
    </nav>
  );
}
