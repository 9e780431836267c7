"use client";
/** Shows which characters force Unicode and what the text costs without them, and replaces them on a click. */
import { useTranslations } from "next-intl";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { measureTemplate } from "#app/console/campaigns/compose/measure-template.ts";
import { isVietnamese, plainCharacter, plainTemplate } from "#app/console/campaigns/compose/plain-text.ts";
import type { Segments } from "#server/domain/messages/segment.ts";

const shown = 24;

type SimplifyTextProps = { template: string; segments: Segments; onChange: (template: string) => void };

export function SimplifyText({ template, segments, onChange }: SimplifyTextProps) {
  const t = useTranslations("campaigns");
  if (segments.encoding === "gsm7") return null;
  const plain = plainTemplate(template);
  const after = measureTemplate(plain, null);
  const characters = segments.ucs2Characters;
  const isBare = isVietnamese(template);
  const near = (character: string) => plainCharacter(character, isBare);
  const isBetter = after.isReadable && plain !== template;
  const isSaving = isBetter && after.segments.parts < segments.parts;
  return (
    <Callout kind={isSaving ? "warning" : "info"} title={t("forcesUnicode", { count: characters.length })}>
      <p className="mt-1 flex flex-wrap gap-1">
        {characters.slice(0, shown).map((character) => (
          <span
            key={character}
            className="rounded border border-line-strong bg-canvas px-1 text-ink text-xs"
            title={`U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`}
          >
            {character}
            {near(character) === character ? null : ` → ${near(character) || "∅"}`}
          </span>
        ))}
        {characters.length > shown ? <span>… +{characters.length - shown}</span> : null}
      </p>
      {isBetter ? (
        <>
          <p className="mt-2 whitespace-pre-wrap break-words rounded bg-canvas px-2 py-1.5 text-ink">{plain}</p>
          <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
            <Button size="sm" onClick={() => onChange(plain)}>
              {t("simplify")}
            </Button>
            <span>
              {isSaving
                ? t("simplified", { before: segments.parts, after: after.segments.parts })
                : t("simplifiedSame", { count: segments.parts })}
              {after.segments.encoding === "ucs2" ? ` ${t("stillUnicode")}` : null}
            </span>
          </div>
        </>
      ) : null}
    </Callout>
  );
}
