"use client";
/** One step of the composer: its number, its name, a tick when it is done. */
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";

type StepProps = { id: string; number: number; title: string; hint?: string; isDone: boolean; children: ReactNode };

export function Step({ id, number, title, hint, isDone, children }: StepProps) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="scroll-mt-20 rounded-lg border border-line bg-canvas shadow-card"
    >
      <header className="flex items-start gap-3 px-4 pt-4">
        <StepMark number={number} isDone={isDone} />
        <div className="min-w-0">
          <h2 id={`${id}-title`} className="font-semibold text-base text-ink">
            {title}
          </h2>
          {hint ? <p className="text-ink-faint text-sm">{hint}</p> : null}
        </div>
      </header>
      <div className="p-4">{children}</div>
    </section>
  );
}

export function StepMark({ number, isDone }: { number: number; isDone: boolean }) {
  return (
    <span
      aria-hidden
      className={cn(
        "flex size-6 shrink-0 items-center justify-center rounded-full font-medium text-xs",
        isDone ? "bg-success-soft text-success" : "bg-muted text-ink-muted",
      )}
    >
      {isDone ? <Check className="size-3.5" /> : number}
    </span>
  );
}
