"use client";
/** Takes a file by drop or by choosing; the parent decides what happens with it. */
import { FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { type DragEvent, useId, useState } from "react";
import { cn } from "#app/_ui/cn.ts";

type FileDropProps = {
  label: string;
  hint?: string;
  /** As of an input's accept attribute, for example ".csv,text/csv". */
  accept?: string;
  maxBytes?: number;
  file: File | null;
  onFile: (file: File | null) => void;
  disabled?: boolean;
};

export function FileDrop({ label, hint, accept, maxBytes, file, onFile, disabled }: FileDropProps) {
  const t = useTranslations("ui");
  const id = useId();
  const [isOver, setOver] = useState(false);
  const [error, setError] = useState<string | null>(null);
  function take(chosen: File | null | undefined) {
    if (!chosen || disabled) return;
    const isTooBig = maxBytes !== undefined && chosen.size > maxBytes;
    setError(isTooBig ? t("fileTooBig", { size: Math.floor(maxBytes / 1_048_576) }) : null);
    if (!isTooBig) onFile(chosen);
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  }
  return (
    <div>
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cn(
          "flex cursor-pointer flex-col items-center gap-1 rounded-lg border border-line-strong border-dashed bg-subtle px-6 py-8 text-center transition-colors hover:border-brand-ink has-focus-visible:outline-2 has-focus-visible:outline-brand-ink",
          isOver && "border-brand-ink bg-brand-soft",
          disabled && "pointer-events-none opacity-60",
        )}
      >
        <FileUp className="mb-1 size-6 text-ink-faint" aria-hidden />
        <span className="font-medium text-base text-ink">{file ? file.name : label}</span>
        <span className="text-ink-faint text-sm">
          {file ? t("fileSize", { size: (file.size / 1024).toFixed(0) }) : hint}
        </span>
        <input
          id={id}
          type="file"
          accept={accept}
          disabled={disabled}
          className="sr-only"
          onChange={(event) => take(event.target.files?.[0])}
        />
      </label>
      {error ? (
        <p role="alert" className="mt-1 text-danger text-xs">
          {error}
        </p>
      ) : null}
    </div>
  );
}
