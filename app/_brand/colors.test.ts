/** Whatever colour a brand chooses, its text can be read and nothing but a colour reaches the page. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brandColors, brandCss, darkSurface, lightSurface, minHoverStep } from "#app/_brand/colors.ts";
import { contrast, minContrast } from "#server/domain/branding/contrast.ts";

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

describe("a brand's colours", () => {
  it("are readable in both themes, for any colour", () => {
    fc.assert(
      fc.property(hex, (color) => {
        const colors = brandColors(color, color);
        expect(contrast(colors.fill, colors.onFill)).toBeGreaterThanOrEqual(minContrast);
        expect(contrast(colors.hover, colors.onFill)).toBeGreaterThanOrEqual(minContrast);
        expect(contrast(colors.hover, colors.fill)).toBeGreaterThanOrEqual(minHoverStep);
        expect(contrast(colors.inkLight, lightSurface)).toBeGreaterThanOrEqual(minContrast);
        expect(contrast(colors.inkDark, darkSurface)).toBeGreaterThanOrEqual(minContrast);
      }),
      { numRuns: 2_000, examples: [["#000000"], ["#ffffff"], ["#fa0100"], ["#0f766e"], ["#767676"]] },
    );
  });

  it.each(["red", "#fff", "#12345g", "#000000;}body{display:none", "", null])("fall back when told %s", (wrong) => {
    expect(brandCss(brandColors(wrong, wrong))).toMatch(/^[:a-z{}#0-9;.-]+$/);
    expect(brandColors(wrong, wrong)).toEqual(brandColors(null, null));
  });
});
