"use client";
/** The moderators' queue: each case with its text, decided by buttons or by keys. */
import { Check, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo, useRef, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { cn } from "#app/_ui/cn.ts";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Kbd } from "#app/_ui/kbd.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { CauseBadge, SampleText } from "#app/console/moderation/case-parts.tsx";
import { DecideCase, type Decision } from "#app/console/moderation/decide-case.tsx";
import { useQueueKeys } from "#app/console/moderation/use-queue-keys.ts";
import type { CaseView } from "#server/domain/moderation/case-view.ts";

export function CaseQueue({ cases }: { cases: CaseView[] }) {
  const t = useTranslations("moderation");
  const [at, setAt] = useState(0);
  const [decision, setDecision] = useState<Decision | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const current = cases[Math.min(at, cases.length - 1)];
  const keys = useMemo(() => {
    const select = (next: number) => {
      const bounded = Math.max(0, Math.min(next, cases.length - 1));
      setAt(bounded);
      list.current?.querySelectorAll<HTMLElement>("[data-case-link]")[bounded]?.focus();
    };
    const decide = (wanted: Decision) => {
      if (current?.isMineToDecide) setDecision(wanted);
    };
    return {
      j: () => select(at + 1),
      k: () => select(at - 1),
      a: () => decide("approved"),
      r: () => decide("rejected"),
    };
  }, [cases.length, at, current]);
  useQueueKeys(keys);
  const choose = (index: number) => (wanted: Decision) => {
    setAt(index);
    setDecision(wanted);
  };
  return (
    <>
      {cases.some((row) => row.isMineToDecide) ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-2 text-ink-faint text-xs max-sm:hidden">
          <span className="inline-flex items-center gap-1">
            <Kbd>j</Kbd> <Kbd>k</Kbd> {t("keysMove")}
          </span>
          <span className="inline-flex items-center gap-1">
            <Kbd>a</Kbd> {t("approve")}
          </span>
          <span className="inline-flex items-center gap-1">
            <Kbd>r</Kbd> {t("reject")}
          </span>
        </p>
      ) : null}
      <ul ref={list} aria-label={t("title")} className="flex flex-col gap-3">
        {cases.map((row, index) => (
          <li key={row.id}>
            <QueueCard row={row} isCurrent={row === current} onFocus={() => setAt(index)} onDecide={choose(index)} />
          </li>
        ))}
      </ul>
      {current ? <DecideCase subject={current} decision={decision} onClose={() => setDecision(null)} /> : null}
    </>
  );
}

type QueueCardProps = {
  row: CaseView;
  isCurrent: boolean;
  onFocus: () => void;
  onDecide: (decision: Decision) => void;
};

function QueueCard({ row, isCurrent, onFocus, onDecide }: QueueCardProps) {
  const t = useTranslations("moderation");
  return (
    <article
      onFocus={onFocus}
      className={cn(
        "rounded-lg border bg-canvas p-4 shadow-card",
        isCurrent && row.isMineToDecide ? "border-brand-ink" : "border-line",
      )}
    >
      <header className="mb-2.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Link
          href={`/console/moderation/${row.id}`}
          data-case-link
          className="rounded font-medium font-mono text-base text-ink hover:underline"
        >
          {row.senderName}
        </Link>
        {row.status === "open" ? null : <StatusBadge status={row.status} />}
        <CauseBadge cause={row.cause} />
        <span className="text-ink-muted text-sm">{row.tenantName}</span>
        <span className="text-ink-faint text-sm">
          {t("recipients", { count: row.recipientCount })} · {t(`subject.${row.subjectType}`)}
        </span>
        <span className="ml-auto text-ink-faint text-xs max-sm:ml-0">
          <DateTime value={row.createdAt} hideZone />
        </span>
      </header>
      <SampleText text={row.sampleText} cause={row.cause} />
      {row.isMineToDecide ? (
        <footer className="mt-3 flex justify-end gap-2">
          <Button icon={<X aria-hidden />} onClick={() => onDecide("rejected")}>
            {t("reject")}
          </Button>
          <Button look="primary" icon={<Check aria-hidden />} onClick={() => onDecide("approved")}>
            {t("approve")}
          </Button>
        </footer>
      ) : null}
      {row.decidedAt ? (
        <p className="mt-2.5 text-ink-muted text-sm">
          {t("decidedBy", { who: row.decidedByName ?? t("provider") })} · <DateTime value={row.decidedAt} hideZone />
          {row.decisionReason ? ` · ${row.decisionReason}` : null}
        </p>
      ) : null}
    </article>
  );
}
