"use client";
/** Counts as one types: parts as they are charged, the encoding, and the characters that make it dear. */
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { maxParts, segmentText } from "#server/domain/messages/segment.ts";

const shownCharacters = 12;

/** @property name the text's field in the surrounding form */
export function TextCounter({ name }: { name: string }) {
  const t = useTranslations("messages");
  const text = String(useWatch({ name }) ?? "");
  const { encoding, parts, units, unitsLeft, ucs2Characters } = segmentText(text);
  const isTooLong = parts > maxParts;
  return (
    <div className="-mt-2.5 flex flex-col gap-1 text-xs">
      <p className={isTooLong ? "text-danger" : "text-ink-faint"}>
        {t("counter", { units, parts, left: unitsLeft, encoding: t(`encoding.${encoding}`) })}
        {isTooLong ? ` ${t("tooLong", { max: maxParts })}` : ""}
      </p>
      {ucs2Characters.length > 0 ? (
        <p className="break-words text-ink-faint">
          {t("unicodeBecause")}{" "}
          {ucs2Characters.slice(0, shownCharacters).map((character) => (
            <code key={character} className="mr-1 rounded bg-muted px-1 text-ink-muted">
              {character}
            </code>
          ))}
          {ucs2Characters.length > shownCharacters ? "…" : ""}
        </p>
      ) : null}
    </div>
  );
}
