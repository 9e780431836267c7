/** Colours: WCAG 2.2 contrast, and the text colour that reads best on a brand's colour. */

/** Relative luminance of #rrggbb, WCAG 2.2. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 (the same) to 21 (black on white). */
export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2 success criterion 1.4.3, level AA, normal text. */
export const minContrast = 4.5;
const white = "#ffffff";
const nearBlack = "#111111";

/** White or near-black text, whichever reads better on this colour. */
export function textColorOn(color: string): string {
  return contrast(color, white) >= contrast(color, nearBlack) ? white : nearBlack;
}
