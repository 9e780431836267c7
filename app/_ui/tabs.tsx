/** Tabs that are addresses: each is a link, so that it can be sent to somebody. `current` is the open one's href. */
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";
import { InView } from "#app/_ui/in-view.tsx";
import { LinkProgress } from "#app/_ui/link-progress.tsx";

export type TabLink = { href: string; label: ReactNode; count?: number };

export function TabLinks({ tabs, current, label }: { tabs: TabLink[]; current: string; label: string }) {
  return (
    <nav aria-label={label} className="mb-4 flex gap-1 overflow-x-auto border-line border-b">
      {tabs.map((tab) => {
        const isCurrent = tab.href === current;
        return (
          <Link
            key={tab.href}
            href={tab.href}
            aria-current={isCurrent ? "page" : undefined}
            className={cn(
              "-mb-px inline-flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 px-2.5 text-sm focus-visible:outline-offset-[-2px]",
              isCurrent ? "border-brand-ink font-medium text-ink" : "text-ink-faint hover:text-ink",
            )}
          >
            {isCurrent ? <InView /> : null}
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="rounded-full bg-muted px-1.5 text-ink-muted text-xs tabular-nums">{tab.count}</span>
            )}
            <LinkProgress />
          </Link>
        );
      })}
    </nav>
  );
}
