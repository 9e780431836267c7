/** A choice of periods: links, so that each is an address. */
import Link from "next/link";
import { cn } from "#app/_ui/cn.ts";
import { InView } from "#app/_ui/in-view.tsx";
import { LinkProgress } from "#app/_ui/link-progress.tsx";

type PeriodLinksProps = { label: string; periods: { key: string; label: string; href: string; isCurrent: boolean }[] };

export function PeriodLinks({ label, periods }: PeriodLinksProps) {
  return (
    <nav aria-label={label}>
      <ul className="inline-flex max-w-full flex-wrap rounded-md border border-line-strong bg-muted p-0.5">
        {periods.map((period) => (
          <li key={period.key}>
            <Link
              href={period.href}
              scroll={false}
              aria-current={period.isCurrent ? "page" : undefined}
              className={cn(
                "flex h-7 items-center whitespace-nowrap rounded px-2.5 text-sm focus-visible:outline-offset-[-2px]",
                period.isCurrent ? "bg-canvas font-medium text-ink shadow-card" : "text-ink-muted hover:text-ink",
              )}
            >
              {period.isCurrent ? <InView /> : null}
              {period.label}
              <LinkProgress />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
