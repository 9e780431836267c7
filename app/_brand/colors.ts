/** Colours of any brand made readable: contrast of at least 4.5:1 for text, in both themes. */
import { contrast, minContrast } from "#server/domain/branding/contrast.ts";

const white = "#ffffff";
const black = "#000000";
const pattern = /^#[0-9a-f]{6}$/i;
const fallback = "#0f766e";

export type BrandColors = {
  /** Fill of primary buttons, as the brand chose it. */
  fill: string;
  /** Text on that fill: black or white, whichever reads better. */
  onFill: string;
  /** The fill while pointed at: the same text on it stays as readable. */
  hover: string;
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
  const onFill = contrast(fill, white) >= contrast(fill, black) ? white : black;
  return {
    fill,
    onFill,
    hover: hoverOf(fill, onFill),
    inkLight: readableOn(fill, lightSurface, black),
    inkDark: readableOn(fill, darkSurface, white),
    accent: checked(accent, fill),
  };
}

/** The CSS variables that globals.css builds on. */
export function brandCss(colors: BrandColors): string {
  return (
    `:root{--brand-fill:${colors.fill};--brand-on-fill:${colors.onFill};--brand-hover:${colors.hover};--brand-ink:${colors.inkLight};` +
    `--brand-accent:${colors.accent}}.dark{--brand-ink:${colors.inkDark}}`
  );
}

const checked = (color: string | null | undefined, otherwise: string) =>
  color && pattern.test(color) ? color.toLowerCase() : otherwise;

/** Less than this and nobody sees that the button answers. */
export const minHoverStep = 1.15;

/**
 * Away from the text's colour, so that the contrast only grows. A fill that is nearly black or white has no room there;
 * it has far more contrast than it needs, and gives some of it.
 */
function hoverOf(fill: string, onFill: string): string {
  const away = onFill === white ? black : white;
  return firstMix(fill, away, isSeen) ?? firstMix(fill, onFill, isSeen) ?? fill;
  function isSeen(color: string): boolean {
    return contrast(color, fill) >= minHoverStep;
  }
}

/** The smallest share of another colour that will do. */
function firstMix(color: string, towards: string, isEnough: (mixed: string) => boolean): string | null {
  for (let step = 0; step <= 20; step += 1) {
    const mixed = mix(color, towards, step / 20);
    if (isEnough(mixed)) return mixed;
  }
  return null;
}

function readableOn(color: string, surface: string, towards: string): string {
  return firstMix(color, towards, (mixed) => contrast(mixed, surface) >= minContrast) ?? towards;
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
