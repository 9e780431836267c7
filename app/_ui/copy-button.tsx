"use client";
/** Copies a text; and a code-like value with such a button beside it. */
import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { cn } from "#app/_ui/cn.ts";

const shownMs = 1_500;

export function CopyButton({ text, className }: { text: string; className?: string }) {
  const t = useTranslations("ui");
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      type="button"
      aria-label={isCopied ? t("copied") : t("copy")}
      className={cn(
        "relative z-10 inline-flex size-6 shrink-0 items-center justify-center rounded text-ink-faint hover:bg-muted hover:text-ink",
        className,
      )}
      onClick={async () => setCopied(await copyText(text))}
    >
      {isCopied ? <Check className="size-3.5 text-success" aria-hidden /> : <Copy className="size-3.5" aria-hidden />}
    </button>
  );
}

export function CopyValue({ text, shown, className }: { text: string; shown?: string; className?: string }) {
  return (
    <span className={cn("inline-flex max-w-full items-center gap-1", className)}>
      <code className="min-w-0 truncate font-mono text-xs">{shown ?? text}</code>
      <CopyButton text={text} />
    </span>
  );
}

/** The clipboard API exists on https and localhost only; a brand's host may be plain http behind a VPN. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "fixed opacity-0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
