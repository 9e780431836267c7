"use client";
/** A colour, chosen or typed, with what it means for those who must read on it. */
import { useTranslations } from "next-intl";
import { useController } from "react-hook-form";
import { Field } from "#app/_ui/field.tsx";
import { type Common, useField } from "#app/_ui/form-fields.tsx";
import { Input } from "#app/_ui/input.tsx";
import { contrast, minContrast, textColorOn } from "#server/domain/branding/contrast.ts";

const pattern = /^#[0-9a-f]{6}$/i;

export function ColorField({ name, label, help }: Pick<Common, "name" | "label" | "help">) {
  const t = useTranslations("brand");
  const field = useField({ name });
  const { field: bound } = useController({ name });
  const value = String(bound.value ?? "");
  return (
    <Field label={label} help={help} id={field.id} error={field.error}>
      {(box) => (
        <span className="flex flex-col gap-1.5">
          <span className="flex gap-2">
            <input
              type="color"
              aria-label={t("chooseColor", { label: String(label) })}
              value={pattern.test(value) ? value.toLowerCase() : "#000000"}
              onChange={(event) => bound.onChange(event.target.value)}
              className="h-8 w-11 shrink-0 cursor-pointer rounded-md border border-line-strong bg-canvas p-0.5 max-sm:h-10"
            />
            <Input className="font-mono" autoComplete="off" spellCheck={false} {...box} {...bound} value={value} />
          </span>
          <Readability color={value.trim()} />
        </span>
      )}
    </Field>
  );
}

function Readability({ color }: { color: string }) {
  const t = useTranslations("brand");
  if (!pattern.test(color)) return null;
  const text = textColorOn(color);
  const ratio = contrast(color, text);
  const isReadable = ratio >= minContrast;
  return (
    <span role="status" className="flex flex-wrap items-center gap-2 text-xs">
      <span className="rounded px-1.5 py-0.5 font-medium" style={{ background: color, color: text }}>
        {t("sampleText")}
      </span>
      <span className={isReadable ? "text-success" : "text-danger"}>
        {t(isReadable ? "readable" : "unreadable", { ratio: ratio.toFixed(1) })}
      </span>
    </span>
  );
}
