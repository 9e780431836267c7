/** The outline of what is loading inside a page that stands already. */
import { cn } from "#app/_ui/cn.ts";

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-md bg-muted", className)} />;
}
