/** The outline of what is loading; for loading.tsx files. */
import { useTranslations } from "next-intl";
import { cn } from "#app/_ui/cn.ts";

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-md bg-muted", className)} />;
}

const rows = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** A page of a heading and a table. */
export function PageSkeleton() {
  const t = useTranslations("ui");
  return (
    <div role="status" aria-label={t("loading")}>
      <Skeleton className="h-7 w-48" />
      <Skeleton className="mt-2 h-4 w-80 max-w-full" />
      <div className="mt-6 divide-y rounded-lg border border-line bg-canvas">
        {rows.map((row) => (
          <div key={row} className="flex h-10 items-center gap-6 px-4">
            <Skeleton className="h-3.5 w-1/4" />
            <Skeleton className="h-3.5 w-1/6" />
            <Skeleton className="ml-auto h-3.5 w-16" />
          </div>
        ))}
      </div>
    </div>
  );
}
