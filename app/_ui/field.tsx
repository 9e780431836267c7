/** A label, its box, help and error, tied together for screen readers. */
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";

/** What the box must carry so that label, help and error belong to it. */
export type BoxProps = { id: string; "aria-invalid"?: boolean; "aria-describedby"?: string; "aria-required"?: boolean };

export type FieldProps = {
  id: string;
  label: ReactNode;
  help?: ReactNode;
  error?: string;
  /** Fields are required unless they say otherwise: then the word "optional" stands beside the label. */
  optional?: string;
  className?: string;
  children: (box: BoxProps) => ReactNode;
};

export function Field({ id, label, help, error, optional, className, children }: FieldProps) {
  const described = [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={cn("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="flex items-baseline justify-between gap-2 font-medium text-ink text-sm">
        {label}
        {optional ? <span className="font-normal text-ink-faint text-xs">{optional}</span> : null}
      </label>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": described || undefined,
        "aria-required": optional ? undefined : true,
      })}
      {help ? (
        <p id={`${id}-help`} className="text-ink-faint text-xs">
          {help}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="flex items-start gap-1 text-danger text-xs" aria-live="polite">
          <CircleAlert className="mt-0.5 size-3 shrink-0" aria-hidden />
          {error}
        </p>
      ) : null}
    </div>
  );
}
