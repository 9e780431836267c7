/** Parts of a case that the queue and its own page share: why it is here, and the text with the phrase marked. */
import { useTranslations } from "next-intl";
import { Badge } from "#app/_ui/badge.tsx";
import { cn } from "#app/_ui/cn.ts";
import { markPhrase } from "#app/console/moderation/mark-phrase.ts";

const prefix = "phrase:";
const phraseOf = (cause: string) => (cause.startsWith(prefix) ? cause.slice(prefix.length) : null);

export function CauseBadge({ cause }: { cause: string }) {
  const t = useTranslations("moderation");
  const phrase = phraseOf(cause);
  return phrase === null ? (
    <Badge tone="info">{t("causePolicy")}</Badge>
  ) : (
    <Badge tone="warning">{t("causePhrase", { phrase })}</Badge>
  );
}

export function SampleText({ text, cause, className }: { text: string; cause: string; className?: string }) {
  const phrase = phraseOf(cause);
  const pieces = phrase === null ? [{ text, isMarked: false }] : markPhrase(text, phrase);
  let at = 0;
  return (
    <p className={cn("whitespace-pre-wrap break-words rounded-lg bg-subtle px-3 py-2.5 text-base text-ink", className)}>
      {pieces.map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.isMarked ? (
          <mark key={key} className="rounded bg-warning-soft px-0.5 font-medium text-warning underline">
            {piece.text}
          </mark>
        ) : (
          <span key={key}>{piece.text}</span>
        );
      })}
    </p>
  );
}
