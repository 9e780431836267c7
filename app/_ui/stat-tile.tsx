/** One figure with its name; several stand in a StatRow. */
import { ArrowDownRight, ArrowUpRight } from "lucide-react";
import { useLocale } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";
import { HoverLink } from "#app/_ui/hover-link.tsx";

export type StatTileProps = {
  label: string;
  value: ReactNode;
  /** Below the figure: what it is compared with, or how it is made up. */
  note?: ReactNode;
  /** Change against the time before, as a share: 0.12 is +12 %. */
  change?: number | null;
  /** Where less is better (failures), a rise is shown in red. */
  lessIsBetter?: boolean;
  /** Leads to the rows behind the figure. */
  href?: string;
};

export function StatRow({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,9rem),1fr))] gap-3">{children}</div>;
}

export function StatTile({ label, value, note, change, lessIsBetter, href }: StatTileProps) {
  const locale = useLocale();
  const isGood = change !== null && change !== undefined && change >= 0 !== (lessIsBetter ?? false);
  return (
    <div
      className={cn(
        "relative rounded-lg border border-line bg-canvas p-4 shadow-card max-sm:p-3.5",
        href && "transition-colors hover:border-line-strong",
      )}
    >
      <p className="text-ink-faint text-sm">
        {href ? (
          <HoverLink href={href} className="after:absolute after:inset-0 after:rounded-lg">
            {label}
          </HoverLink>
        ) : (
          label
        )}
      </p>
      <p className="mt-1 break-words font-semibold text-ink text-xl tabular-nums max-sm:text-lg tracking-[-0.01em]">
        {value}
      </p>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 text-ink-faint text-xs">
        {change === null || change === undefined ? null : (
          <span className={cn("inline-flex items-center gap-0.5 font-medium", isGood ? "text-success" : "text-danger")}>
            {change >= 0 ? (
              <ArrowUpRight className="size-3" aria-hidden />
            ) : (
              <ArrowDownRight className="size-3" aria-hidden />
            )}
            {new Intl.NumberFormat(locale, {
              style: "percent",
              maximumFractionDigits: 1,
              signDisplay: "exceptZero",
            }).format(change)}
          </span>
        )}
        {note}
      </p>
    </div>
  );
}
