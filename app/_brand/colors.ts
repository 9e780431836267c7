/** Colours of any brand made readable: contrast of at least 4.5:1 for text, in both themes. */
import { contrast, minContrast } from "#server/domain/branding/contrast.ts";

const pattern = /^#[0-9a-f]{6}$/i;
const fallback = "#0f766e";

export type BrandColors = {
  /** Fill of primary buttons, as the brand chose it. */
  fill: string;
  /** Text on that fill: black or white, whichever reads better. */
  onFill: string;
  /** The brand's colour as text and icons on the light theme's surfaces, darkened as far as needed. */
  inkLight: string;
  /** The same on the dark theme's surfaces, lightened as far as needed. */
  inkDark: string;
  accent: string;
};

/** The least favourable surfaces that brand-coloured text stands on (see globals.css). */
export const lightSurface = "#e6e7ec";
export const darkSurface = "#2a2a32";

/** Colours come from people: whatever is not #rrggbb never reaches the page's CSS. */
export function brandColors(primary: string | null | undefined, accent: string | null | undefined): BrandColors {
  const fill = checked(primary, fallback);
  return {
    fill,
    onFill: contrast(fill, "#ffffff") >= contrast(fill, "#000000") ? "#ffffff" : "#000000",
    inkLight: readableOn(fill, lightSurface, "#000000"),
    inkDark: readableOn(fill, darkSurface, "#ffffff"),
    accent: checked(accent, fill),
  };
}

/** The CSS variables that globals.css builds on. */
export function brandCss(colors: BrandColors): string {
  return (
    `:root{--brand-fill:${colors.fill};--brand-on-fill:${colors.onFill};--brand-ink:${colors.inkLight};` +
    `--brand-accent:${colors.accent}}.dark{--brand-ink:${colors.inkDark}}`
  );
}

const checked = (color: string | null | undefined, otherwise: string) =>
  color && pattern.test(color) ? color.toLowerCase() : otherwise;

function readableOn(color: string, surface: string, towards: string): string {
  for (let step = 0; step < 20; step += 1) {
    const mixed = mix(color, towards, step / 20);
    if (contrast(mixed, surface) >= minContrast) return mixed;
  }
  return towards;
}

function mix(color: string, towards: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const from = Number.parseInt(color.slice(at, at + 2), 16);
    const to = Number.parseInt(towards.slice(at, at + 2), 16);
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}
