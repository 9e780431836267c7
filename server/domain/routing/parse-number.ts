/** Numbers in any notation to E.164 digits without the plus sign, mobile numbers only. */
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  parsePhoneNumberFromString,
} from "libphonenumber-js/mobile";

/** E.164 digits without the plus sign, and the country they belong to (ISO 3166-1 alpha-2). */
export type ParsedNumber = { msisdn: string; country: string };

type FastPath = { withCallingCode: RegExp; national: RegExp };
/** What the numbering plan has at run time; the library's declarations leave it out. */
type PlanOfTypes = { type?(kind: "MOBILE"): { pattern?(): string } | undefined };

const fastPaths = new Map<string, FastPath | null>();
/** "(+84) 912 345 678" */
const plusInBrackets = /^\(\s*[+\uff0b]\s*(\d{1,4})\s*\)/;
/** A number begins with a digit, a plus or a bracket; the library also skips dashes and points in front. */
const isNumberLike = /^[\p{Nd}+\uff0b(]/u;
const plusAndDigits = /^\+?\d{7,15}$/;

/**
 * @param text any notation: international with + or 00, with the calling code but no plus, or national of the country
 * @param defaultCountry ISO 3166-1 alpha-2: decides what a number without a calling code means
 * @returns null when it is no possible mobile number
 */
export function parseNumber(text: string, defaultCountry: string): ParsedNumber | null {
  const plain = text.trim().replace(plusInBrackets, "+$1 ");
  if (!isNumberLike.test(plain)) return null;
  if (plusAndDigits.test(plain)) {
    const digits = plain.startsWith("+") ? plain.slice(1) : plain;
    const fast = fastPathOf(defaultCountry);
    if (fast?.withCallingCode.test(digits) && !fast.national.test(digits)) {
      return { msisdn: digits, country: defaultCountry };
    }
  }
  return parseSlowly(plain, defaultCountry);
}

/**
 * The library reads a number without a plus as national first. When that gives no mobile number, the digits may be
 * international ones written without a plus, which is how most programs send them.
 */
function parseSlowly(text: string, defaultCountry: string): ParsedNumber | null {
  const country = isSupportedCountry(defaultCountry) ? defaultCountry : undefined;
  return parseWith(text.replace(/^00/, "+"), country) ?? (/^[1-9]/.test(text) ? parseWith(`+${text}`) : null);
}

function parseWith(text: string, defaultCountry?: CountryCode): ParsedNumber | null {
  const parsed = parsePhoneNumberFromString(text, { defaultCountry, extract: false });
  if (!parsed?.isValid() || parsed.ext || !parsed.country) return null;
  return { msisdn: parsed.number.slice(1), country: parsed.country };
}

/** Per country, once: plain digits that begin with its calling code, by the library's own pattern. */
function fastPathOf(country: string): FastPath | null {
  const known = fastPaths.get(country);
  if (known !== undefined) return known;
  const made = makeFastPath(country);
  fastPaths.set(country, made);
  return made;
}

function makeFastPath(country: string): FastPath | null {
  if (!isSupportedCountry(country)) return null;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const pattern = (metadata.numberingPlan as PlanOfTypes | undefined)?.type?.("MOBILE")?.pattern?.();
  const callingCode = getCountryCallingCode(country);
  // Countries that share a calling code (+1, +7) are told apart by the library.
  if (!pattern || sharedCallingCodes.has(callingCode)) return null;
  return {
    withCallingCode: new RegExp(`^${callingCode}(?:${pattern})$`),
    national: new RegExp(`^(?:${pattern})$`),
  };
}

const sharedCallingCodes = new Set(["1", "7", "39", "44", "47", "61", "212", "262", "290", "358", "590", "599"]);
