/** What waits for the viewer: decisions, drafts, orders of customers that run out, campaigns that stand still. */
import { ChevronRight, CircleCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import type { Viewer } from "#app/_trpc/viewer.ts";
import { Badge } from "#app/_ui/badge.tsx";
import { Card } from "#app/_ui/card.tsx";
import { HoverLink } from "#app/_ui/hover-link.tsx";

/** Beyond so many, the number says "more than". */
const maxCounted = 50;

type Entry = { key: "senders" | "cases" | "drafts" | "lowOrders" | "held"; href: string; count: string };

const deciding = ["senders.decide", "moderation.decide", "orders.write", "campaigns.write"] as const;

export async function Waiting({ viewer }: { viewer: Viewer }) {
  // Nothing can ever wait for a role that only looks.
  if (!deciding.some((permission) => viewer.may(permission))) return null;
  const [t, entries] = await Promise.all([getTranslations("dashboard"), waitingFor(viewer)]);
  return (
    <Card title={t("waiting.title")}>
      {entries.length === 0 ? (
        <p className="flex items-center gap-2 text-ink-faint text-sm">
          <CircleCheck className="size-4 shrink-0 text-success" aria-hidden />
          {t("waiting.nothing")}
        </p>
      ) : (
        <ul className="-mx-4 -my-1.5 divide-y">
          {entries.map((entry) => (
            <li key={entry.key} className="relative flex min-h-10 items-center gap-3 px-4 py-1.5 hover:bg-subtle">
              <HoverLink href={entry.href} className="min-w-0 flex-1 text-ink text-sm after:absolute after:inset-0">
                {t(`waiting.${entry.key}`)}
              </HoverLink>
              <Badge tone="warning">{entry.count}</Badge>
              <ChevronRight className="size-4 shrink-0 text-ink-faint" aria-hidden />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Asks only for what the role may decide, and leaves out what does not wait. */
async function waitingFor({ may }: Viewer): Promise<Entry[]> {
  const caller = await api();
  const limit = maxCounted;
  const [senders, cases, drafts, lowOrders, held] = await Promise.all([
    may("senders.decide") ? caller.senders.list({ view: "awaiting", limit }) : null,
    may("moderation.decide") ? caller.moderation.listCases({ mineToDecide: true, limit }) : null,
    may("orders.write") ? caller.orders.list({ role: "seller", status: ["draft"], limit }) : null,
    may("orders.write") ? caller.orders.list({ role: "seller", status: ["nearly_used", "used_up"], limit }) : null,
    may("campaigns.write") ? caller.campaigns.list({ status: ["held"], limit }) : null,
  ]);
  const entry = (
    key: Entry["key"],
    href: string,
    page: { items: readonly unknown[]; nextCursor: string | null } | null,
  ): Entry[] =>
    page && page.items.length > 0
      ? [{ key, href, count: `${page.items.length}${page.nextCursor === null ? "" : "+"}` }]
      : [];
  return [
    ...entry("cases", "/console/moderation", cases),
    ...entry("senders", "/console/senders?view=awaiting", senders),
    ...entry("held", "/console/campaigns?status=held", held),
    ...entry("drafts", "/console/orders?tab=sold&status=draft", drafts),
    ...entry("lowOrders", "/console/orders?tab=sold&status=nearly_used", lowOrders),
  ];
}
