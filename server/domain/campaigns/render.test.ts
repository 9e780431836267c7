/** Templates: what they give, and what they refuse. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isPersonal,
  makeRenderer,
  parseTemplate,
  unknownVariables,
  variablesOf,
} from "#server/domain/campaigns/render.ts";

const render = (template: string, values: Record<string, string>) =>
  makeRenderer(parseTemplate(template), Object.keys(values))(values);

describe("templates", () => {
  it.each([
    ["Chào {{Tên}}!", { Tên: "Ánh" }, "Chào Ánh!"],
    ["Chào {{ tên }}!", { Tên: "Ánh" }, "Chào Ánh!"],
    ["Hi {{name|friend}}", { name: "" }, "Hi friend"],
    ["Hi {{name|friend}}", { name: "Bo" }, "Hi Bo"],
    ["Hi {{name}}.", { name: "" }, "Hi ."],
    ["{{a}}{{b}}{{a}}", { a: "1", b: "2" }, "121"],
    ["{a} }} { {{a}}", { a: "{{b}}" }, "{a} }} { {{b}}"],
    ["{{a|x|y}}", { a: "" }, "x|y"],
    ["", { a: "1" }, ""],
  ])("renders %j with %j", (template, values, expected) => {
    expect(render(template, values)).toBe(expected);
  });

  it.each(["Hi {{name", "{{}}", "{{ |x}}", "{{a {{b}}"])("refuses %j", (template) => {
    expect(() => parseTemplate(template)).toThrow(expect.objectContaining({ code: "bad_template" }));
  });

  it("refuses variables that the list does not have, by name", () => {
    const template = parseTemplate("{{a}} {{b}} {{C}} {{b|x}}");
    expect(unknownVariables(template, ["A"])).toEqual(["b", "c"]);
    expect(() => makeRenderer(template, ["A"])).toThrow(
      expect.objectContaining({ code: "unknown_variables", detail: { field: "template", variables: ["b", "c"] } }),
    );
  });

  it("gives text without variables back as it is", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("{{")),
        (text) => {
          expect(render(text, {})).toBe(text);
          expect(isPersonal(parseTemplate(text))).toBe(false);
        },
      ),
    );
  });

  it("puts every value where its name stands, whatever the value", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (value, around) => {
        const text = around.replaceAll("{", "");
        expect(render(`${text}{{x}}${text}`, { x: value })).toBe(text + value + text);
      }),
    );
    expect(variablesOf(parseTemplate("{{b}}{{A}}{{a}}"))).toEqual(["b", "a"]);
  });
});
