/** A box with a heading; and a list of named values inside one. */
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";

type CardProps = {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
};

export function Card({ title, description, actions, className, children }: CardProps) {
  return (
    <section className={cn("rounded-lg border border-line bg-canvas shadow-card", className)}>
      {title || actions ? (
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5">
          <div className="min-w-0">
            <h2 className="font-semibold text-base text-ink">{title}</h2>
            {description ? <p className="text-ink-faint text-sm">{description}</p> : null}
          </div>
          {actions ? <div className="flex gap-2">{actions}</div> : null}
        </header>
      ) : null}
      <div className="p-4">{children}</div>
    </section>
  );
}

export type Fact = { label: string; value: ReactNode };

export function Facts({ facts, className }: { facts: Fact[]; className?: string }) {
  return (
    <dl className={cn("grid grid-cols-[repeat(auto-fill,minmax(12.5rem,1fr))] gap-x-6 gap-y-4", className)}>
      {facts.map((fact) => (
        <div key={fact.label} className="min-w-0">
          <dt className="text-ink-faint text-xs">{fact.label}</dt>
          <dd className="mt-0.5 break-words text-base text-ink">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
