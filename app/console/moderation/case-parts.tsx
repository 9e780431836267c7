/** Parts of a case that the queue and its own page share: why it is here, and the text with the phrase marked. */
import { useTranslations } from "next-intl";
import { Badge } from "#app/_ui/badge.tsx";
import { markPhrase } from "#app/console/moderation/mark-phrase.ts";
import { textsOf } from "#server/domain/moderation/sample-texts.ts";

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

/** A batch may have several texts: each is shown by itself, since one decision is about all of them. */
export function SampleText({ text, cause }: { text: string; cause: string }) {
  return (
    <div className="flex flex-col gap-2">
      {textsOf(text).map((one) => (
        <MarkedText key={one} text={one} phrase={phraseOf(cause)} />
      ))}
    </div>
  );
}

function MarkedText({ text, phrase }: { text: string; phrase: string | null }) {
  const pieces = phrase === null ? [{ text, isMarked: false }] : markPhrase(text, phrase);
  let at = 0;
  return (
    <p className="whitespace-pre-wrap break-words rounded-lg bg-subtle px-3 py-2.5 text-base text-ink">
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
