/** Numbers in any notation, and the fast path's agreement with the library. */
import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/mobile";
import { describe, expect, it } from "vitest";
import { parseNumber } from "#server/domain/routing/parse-number.ts";

describe("parseNumber", () => {
  it.each([
    ["0912 345 678", "VN", "84912345678"],
    ["912345678", "VN", "84912345678"],
    ["84912345678", "VN", "84912345678"],
    ["+84 (91) 234-56-78", "VN", "84912345678"],
    ["(+84) 912-345-678", "VN", "84912345678"],
    ["(+84)912345678", "DE", "84912345678"],
    ["(0912) 345 678", "VN", "84912345678"],
    ["0084912345678", "VN", "84912345678"],
    ["84912345678", "DE", "84912345678"],
    ["0151 23456789", "DE", "4915123456789"],
    ["4915123456789", "VN", "4915123456789"],
    ["+7 916 123-45-67", "VN", "79161234567"],
    ["8 916 123-45-67", "RU", "79161234567"],
    ["06 12 34 56 78", "FR", "33612345678"],
    ["612 345 678", "ES", "34612345678"],
    ["06-12345678", "NL", "31612345678"],
  ])("reads %s in %s", (text, country, msisdn) => {
    expect(parseNumber(text, country)?.msisdn).toBe(msisdn);
  });

  it.each([
    ["", "VN"],
    ["hello", "VN"],
    ["-84912345678", "VN"],
    ["-0912345678", "VN"],
    [".84912345678", "VN"],
    ["(+84", "VN"],
    ["+(+84) 912345678", "VN"],
    ["024 3825 3333", "VN"],
    ["0912345", "VN"],
    ["09123456789012345", "VN"],
    ["84912345678 ext. 5", "VN"],
    ["call 0912345678 now", "VN"],
    ["+84", "VN"],
    ["٠٩١٢", "XX"],
  ])("refuses %s in %s", (text, country) => {
    expect(parseNumber(text, country)).toBeNull();
  });

  it("takes the fast path only where the library agrees", () => {
    const digits = fc.stringMatching(/^\+?(84|49|33|34|31|7|1)?[0-9]{7,11}$/);
    fc.assert(
      fc.property(digits, fc.constantFrom("VN", "DE", "FR", "ES", "NL", "RU", "US"), (text, country) => {
        const library = parsePhoneNumberFromString(text, { defaultCountry: country as "VN", extract: false });
        // Numbers of no country (+800 and the like) are no mobile numbers.
        if (library?.isValid() && library.country)
          expect(`+${parseNumber(text, country)?.msisdn}`).toBe(library.number);
      }),
      { numRuns: 3_000 },
    );
  });
});
