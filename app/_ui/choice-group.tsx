"use client";
/** Choices under one label, with what is wrong with them below. */
import type { ReactNode } from "react";

/** @property id of the field; `look` how the frame around the choices lays them out */
type ChoiceGroupProps = { id: string; label: string; error: string | undefined; look: string; children: ReactNode };

export function ChoiceGroup({ id, label, error, look, children }: ChoiceGroupProps) {
  return (
    <fieldset aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="mb-1 font-medium text-ink text-sm">{label}</legend>
      <div className={`rounded-md border border-line-strong ${look}`}>{children}</div>
      {error ? (
        <p id={`${id}-error`} className="mt-1 text-danger text-xs">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
