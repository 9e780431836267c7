"use client";
/** One entry in full: what was written, by whom, and the way to more of the same. */
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#app/_ui/button.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Drawer } from "#app/_ui/drawer.tsx";
import type { AuditEntry } from "#server/domain/reports/list-audit.ts";

export function EntryPanel({ entry, action, actor }: { entry: AuditEntry; action: string; actor: string }) {
  const t = useTranslations("audit");
  return (
    <Drawer
      title={action}
      trigger={
        <Button size="sm" look="ghost" aria-label={t("detailsOf", { action })}>
          {t("open")}
        </Button>
      }
    >
      <div className="flex flex-col gap-5 p-4">
        <dl className="flex flex-col gap-3">
          <Row label={t("at")}>
            <DateTime value={entry.createdAt} precision="second" />
          </Row>
          <Row label={t("actor")}>
            {actor}
            <span className="block text-ink-faint text-xs">{t(`actorType.${entry.actorType}`)}</span>
          </Row>
          <Row label={t("tenant")}>{entry.tenantName}</Row>
          <Row label={t("subject")}>
            {t.has(`subjects.${entry.subjectType}`) ? t(`subjects.${entry.subjectType}`) : entry.subjectType}
            <CopyValue text={entry.subjectId} className="flex" />
          </Row>
          <Row label={t("code")}>
            <code className="font-mono text-xs">{entry.action}</code>
          </Row>
        </dl>
        <Written detail={entry.detail} />
        <p className="flex flex-col items-start gap-1.5 text-sm">
          <MoreLink name="subject" value={entry.subjectId} text={t("moreOfSubject")} />
          {entry.actorId ? <MoreLink name="actor" value={entry.actorId} text={t("moreOfActor")} /> : null}
          <MoreLink name="action" value={entry.action} text={t("moreOfAction")} />
        </p>
      </div>
    </Drawer>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-3">
      <dt className="pt-0.5 text-ink-faint text-xs">{label}</dt>
      <dd className="min-w-0 break-words text-ink text-sm">{children}</dd>
    </div>
  );
}

/** The values as they were set; one that was changed from another shows both. */
function Written({ detail }: { detail: Record<string, unknown> }) {
  const t = useTranslations("audit");
  const entries = Object.entries(detail);
  if (entries.length === 0) return <p className="text-ink-faint text-sm">{t("nothingMore")}</p>;
  return (
    <section>
      <h3 className="mb-1.5 font-medium text-ink text-sm">{t("written")}</h3>
      <dl className="divide-y rounded-md border border-line">
        {entries.map(([key, value]) => (
          <div key={key} className="grid grid-cols-[8rem_minmax(0,1fr)] gap-3 px-3 py-1.5">
            <dt className="break-words font-mono text-ink-faint text-xs">{key}</dt>
            <dd className="min-w-0 whitespace-pre-wrap break-words font-mono text-ink text-xs">
              <Value value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Value({ value }: { value: unknown }) {
  const change = changeOf(value);
  if (!change) return asText(value);
  return (
    <>
      <del className="rounded bg-danger-soft px-1 text-danger">{asText(change.from)}</del>{" "}
      <ins className="rounded bg-success-soft px-1 text-success no-underline">{asText(change.to)}</ins>
    </>
  );
}

/** A change is written as `{ from, to }`. */
function changeOf(value: unknown): { from: unknown; to: unknown } | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  return "from" in value && "to" in value ? { from: value.from, to: value.to } : null;
}

function asText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

function MoreLink({ name, value, text }: { name: string; value: string; text: string }) {
  return (
    <Link
      href={`/console/audit-log?${new URLSearchParams({ [name]: value })}`}
      className="rounded text-brand-ink underline underline-offset-4 hover:no-underline"
    >
      {text}
    </Link>
  );
}
