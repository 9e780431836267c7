"use client";
/** The first rows of a file, with what each column becomes. */
import { useTranslations } from "next-intl";
import { Badge } from "#app/_ui/badge.tsx";
import { cn } from "#app/_ui/cn.ts";
import type { CsvPreview } from "#server/domain/contacts/preview-csv.ts";

const shownRows = 6;

type PreviewTableProps = { preview: CsvPreview; phone: string; fields: readonly string[] };

export function PreviewTable({ preview, phone, fields }: PreviewTableProps) {
  const t = useTranslations("contacts");
  const rows = preview.rows.slice(0, shownRows).map((cells, at) => ({ key: `row ${at + 2}`, number: at + 2, cells }));
  return (
    <section aria-label={t("firstRows")} className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{t("firstRows")}</caption>
        <thead>
          <tr className="border-b bg-subtle">
            <th scope="col" className="px-3 py-1.5 text-right font-normal text-ink-faint text-xs">
              {t("row")}
            </th>
            {preview.headers.map((header) => (
              <th key={header} scope="col" className="px-3 py-1.5 align-top font-medium text-ink">
                <span className="block max-w-48 truncate">{header}</span>
                {header === phone ? <Badge tone="brand">{t("isNumber")}</Badge> : null}
                {header !== phone && fields.includes(header) ? <Badge tone="info">{t("isVariable")}</Badge> : null}
                {header !== phone && !fields.includes(header) ? <Badge>{t("isLeftOut")}</Badge> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row) => (
            <tr key={row.key}>
              <td className="px-3 py-1.5 text-right text-ink-faint text-xs tabular-nums">{row.number}</td>
              {preview.headers.map((header, at) => (
                <td
                  key={header}
                  className={cn(
                    "max-w-56 truncate px-3 py-1.5",
                    header === phone || fields.includes(header) ? "text-ink" : "text-ink-faint",
                  )}
                >
                  {row.cells[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
