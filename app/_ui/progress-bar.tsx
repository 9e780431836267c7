/** How far something is; with several parts, a stacked bar with its legend. */
import { cn } from "#app/_ui/cn.ts";

/** @property share 0 … 1 */
export function ProgressBar({
  share,
  label,
  tone = "brand",
}: {
  share: number;
  label: string;
  tone?: "brand" | "success" | "warning" | "danger";
}) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
  const fill = { brand: "bg-brand-ink", success: "bg-success", warning: "bg-warning", danger: "bg-danger" }[tone];
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-1.5 w-full overflow-hidden rounded-full bg-muted"
    >
      <div
        className={cn("h-full rounded-full transition-[width] duration-500", fill)}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}

export type Part = { key: string; label: string; value: number; text: string; className: string };

export function StackedBar({ parts, label }: { parts: Part[]; label: string }) {
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <figure aria-label={label}>
      <div aria-hidden className="flex h-2 w-full gap-px overflow-hidden rounded-full bg-muted">
        {parts.map((part) =>
          part.value > 0 ? (
            <div
              key={part.key}
              className={cn("h-full transition-[width] duration-500", part.className)}
              style={{ width: `${(part.value / total) * 100}%` }}
            />
          ) : null,
        )}
      </div>
      <ul className="mt-2.5 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {parts.map((part) => (
          <li key={part.key} className="flex items-center gap-1.5 text-ink-muted">
            <span aria-hidden className={cn("size-2 rounded-full", part.className)} />
            {part.label} <span className="font-medium text-ink tabular-nums">{part.text}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
