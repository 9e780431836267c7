/** One look for every box that is typed into or chosen from. */
import { ChevronsUpDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "#app/_ui/cn.ts";

export const boxLook =
  "w-full min-w-0 rounded-md border border-line-strong bg-canvas px-2.5 text-base text-ink shadow-card transition-colors hover:border-ink-faint aria-invalid:border-danger disabled:cursor-not-allowed disabled:bg-muted disabled:text-ink-faint max-sm:text-[1rem] focus-visible:outline-offset-0";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(boxLook, "h-8 max-sm:h-10", className)} {...rest} />;
}

export function Textarea({ className, rows = 4, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(boxLook, "py-1.5", className)} rows={rows} {...rest} />;
}

export type Option = { value: string; label: string };

/** A short list (up to about 15 entries); longer ones get a Combobox. */
export function Select({
  options,
  placeholder,
  className,
  ...rest
}: ComponentProps<"select"> & { options: readonly Option[]; placeholder?: string }) {
  return (
    <span className={cn("relative block", className)}>
      <select className={cn(boxLook, "h-8 appearance-none truncate pr-8 max-sm:h-10")} {...rest}>
        {placeholder === undefined ? null : <option value="">{placeholder}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronsUpDown
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-ink-faint"
        aria-hidden
      />
    </span>
  );
}

export function Checkbox({ className, ...rest }: ComponentProps<"input">) {
  return (
    <input
      type="checkbox"
      className={cn("size-4 shrink-0 rounded accent-[var(--brand-ink)] disabled:opacity-50", className)}
      {...rest}
    />
  );
}
