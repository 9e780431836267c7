/** Small labels: a Badge has a tone; StatusBadge knows the tones of the platform's statuses. */
import { cva } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";

export type Tone = "neutral" | "success" | "warning" | "danger" | "info" | "brand";

const look = cva(
  "inline-flex max-w-full items-center gap-1.5 whitespace-nowrap rounded-full px-2 py-px font-medium text-xs leading-5",
  {
    variants: {
      tone: {
        neutral: "bg-muted text-ink-muted",
        success: "bg-success-soft text-success",
        warning: "bg-warning-soft text-warning",
        danger: "bg-danger-soft text-danger",
        info: "bg-info-soft text-info",
        brand: "bg-brand-soft text-brand-ink",
      },
    },
  },
);

export function Badge({
  tone = "neutral",
  dot,
  className,
  children,
}: {
  tone?: Tone;
  dot?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span className={cn(look({ tone }), className)}>
      {dot ? <span className="size-1.5 shrink-0 rounded-full bg-current" aria-hidden /> : null}
      <span className="truncate">{children}</span>
    </span>
  );
}
