/** What became of an order, the latest first: who did what, for its seller; the moments alone for everybody else. */
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { api } from "#app/_trpc/server.ts";
import { requireViewer } from "#app/_trpc/viewer.ts";
import { Card } from "#app/_ui/card.tsx";
import { DateTime, dateText } from "#app/_ui/date-time.tsx";
import { moneyText } from "#app/_ui/money.tsx";
import type { OrderWithFigures } from "#server/domain/orders/figures.ts";

/** More than any order sees; the audit log has the rest. */
const maxEntries = 50;

export async function OrderHistory({ order }: { order: OrderWithFigures }) {
  const [viewer, t] = await Promise.all([requireViewer(), getTranslations("orders")]);
  return (
    <Card title={t("history")}>
      <ol className="flex flex-col gap-3 text-sm">
        {order.isSeller && viewer.may("audit.read") ? <Acts order={order} /> : <Moments order={order} />}
      </ol>
    </Card>
  );
}

async function Acts({ order }: { order: OrderWithFigures }) {
  const [caller, t] = await Promise.all([api(), getTranslations("orders")]);
  const { items } = await caller.audit.list({ subjectId: order.id, action: "orders.", limit: maxEntries });
  const lines = await Promise.all(items.map((entry) => detailText(entry.detail, order)));
  // An order ends with its validity, which is nobody's act.
  const end = order.status === "expired" && order.endedAt ? <Line what={t("act.expire")} at={order.endedAt} /> : null;
  const acts = items.map((entry, at) => {
    const act = entry.action.replace("orders.", "");
    const who = entry.actorType === "job" ? t("byItself") : (entry.actorName ?? t("yourProvider"));
    return (
      <Line key={entry.id} what={t.has(`act.${act}`) ? t(`act.${act}`) : entry.action} at={entry.createdAt}>
        {who}
        {lines[at] ? ` · ${lines[at]}` : ""}
      </Line>
    );
  });
  return (
    <>
      {end}
      {acts}
    </>
  );
}

async function Moments({ order }: { order: OrderWithFigures }) {
  const t = await getTranslations("orders");
  const ended = order.status === "closed" ? "close" : order.status === "cancelled" ? "cancel" : "expire";
  const moments = [
    { act: ended, at: order.endedAt },
    { act: "activate", at: order.activatedAt },
    { act: "sign", at: order.signedAt },
  ];
  return moments.map(({ act, at }) => (at ? <Line key={act} what={t(`act.${act}`)} at={at} /> : null));
}

function Line({ what, at, children }: { what: string; at: Date; children?: ReactNode }) {
  return (
    <li>
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium text-ink">{what}</span>
        <span className="text-ink-faint">
          <DateTime value={at} hideZone />
        </span>
      </p>
      {children ? <p className="break-words text-ink-muted">{children}</p> : null}
    </li>
  );
}

/** What was added, and the words that were given with it. */
async function detailText(detail: Record<string, unknown>, order: OrderWithFigures): Promise<string> {
  const [t, ui, locale, viewer] = await Promise.all([
    getTranslations("orders"),
    getTranslations("ui"),
    getLocale(),
    requireViewer(),
  ]);
  const micros = wholeNumber(detail.addAmountMicros);
  const parts = wholeNumber(detail.addParts);
  const until = typeof detail.validUntil === "string" && detail.changeId ? new Date(detail.validUntil) : null;
  const { timeZone } = viewer.tenant;
  return [
    micros === null ? "" : `+${moneyText(micros, order.currency, locale)}`,
    parts === null ? "" : `+${ui("partsCount", { count: Number(parts) })}`,
    until ? t("untilDay", { day: dateText(until, { locale, timeZone }) }) : "",
    typeof detail.reason === "string" ? detail.reason : "",
    typeof detail.note === "string" && detail.changeId ? detail.note : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Amounts lie in the log as decimal text, which holds every bigint. */
const wholeNumber = (value: unknown): bigint | null =>
  typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : null;
