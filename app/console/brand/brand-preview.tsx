"use client";
/** How the brand looks while it is being changed: the console in both themes, and an e-mail. */
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { type BrandColors, brandColors } from "#app/_brand/colors.ts";
import { initial } from "#app/_brand/icon.ts";
import { cn } from "#app/_ui/cn.ts";

type Shown = { name: string; colors: BrandColors };

export function BrandPreview() {
  const t = useTranslations("brand");
  const [name, primary, accent] = useWatch({ name: ["productName", "primaryColor", "accentColor"] }) as string[];
  const shown = { name: name?.trim() || "…", colors: brandColors(primary, accent) };
  return (
    <section aria-label={t("preview")} className="flex min-w-0 flex-col gap-3">
      <h3 className="font-medium text-ink text-sm">{t("preview")}</h3>
      <div className="grid grid-cols-2 gap-3">
        <Sidebar {...shown} />
        <Sidebar {...shown} dark />
      </div>
      <EmailHead {...shown} />
    </section>
  );
}

/** Both themes at once, whichever the reader has: so the surfaces' colours are set here by the theme's class. */
function Sidebar({ name, colors, dark }: Shown & { dark?: boolean }) {
  const t = useTranslations("brand");
  const shell = useTranslations("shell");
  const ink = dark ? colors.inkDark : colors.inkLight;
  return (
    <div
      className={cn(
        "min-w-0 rounded-lg border p-3",
        dark ? "border-white/15 bg-[#0b0b0d]" : "border-black/10 bg-[#f8f8fa]",
      )}
    >
      <p className="flex min-w-0 items-center gap-2">
        <span
          aria-hidden
          className="flex size-6 shrink-0 items-center justify-center rounded-md font-bold text-xs"
          style={{ background: colors.fill, color: colors.onFill }}
        >
          {initial(name)}
        </span>
        <span className={cn("truncate font-semibold text-sm", dark ? "text-[#f2f2f5]" : "text-[#17171c]")}>{name}</span>
      </p>
      <p
        className="mt-3 truncate rounded-md px-2 py-1 font-medium text-xs"
        style={{ background: `color-mix(in srgb, ${ink} 9%, ${dark ? "#111114" : "#ffffff"})`, color: ink }}
      >
        {shell("item.messages")}
      </p>
      <p className={cn("truncate px-2 py-1 text-xs", dark ? "text-[#b1b1bc]" : "text-[#50505b]")}>
        {shell("item.campaigns")}
      </p>
      <span
        className="mt-3 inline-flex h-7 max-w-full items-center truncate rounded-md border border-black/10 px-2.5 font-medium text-xs"
        style={{ background: colors.fill, color: colors.onFill }}
      >
        {t("sampleButton")}
      </span>
    </div>
  );
}

/** As the e-mails' layout draws it, on the white that mail programs have. */
function EmailHead({ name, colors }: Shown) {
  const t = useTranslations("brand");
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-white">
      <p className="truncate px-4 py-3 font-semibold text-lg" style={{ background: colors.fill, color: colors.onFill }}>
        {name}
      </p>
      <div className="px-4 py-3">
        <p className="text-[#18181b] text-sm">{t("sampleEmail", { name })}</p>
        <span
          className="mt-2.5 inline-block rounded-md px-3 py-1.5 font-semibold text-sm"
          style={{ background: colors.fill, color: colors.onFill }}
        >
          {t("sampleAction")}
        </span>
      </div>
    </div>
  );
}
