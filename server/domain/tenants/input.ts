/** What callers may send to the tenants room. */
import { z } from "zod";

export const tenantKind = z.enum(["company", "partner", "subaccount"]);

export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, "Use a three-letter ISO 4217 code, for example EUR.")
  .refine((code) => Intl.supportedValuesOf("currency").includes(code), "This currency is not known.");
export const countryCode = z.string().regex(/^[A-Z]{2}$/, "Use a two-letter ISO 3166-1 code, for example VN.");
export const timeZone = z.string().refine(isTimeZone, "Use an IANA time zone, for example Asia/Ho_Chi_Minh.");
export const locale = z.enum(["en", "vi", "ru"]);

export const createTenant = z.strictObject({
  id: z.uuid(),
  parentId: z.uuid(),
  kind: tenantKind,
  name: z.string().trim().min(2).max(80),
  currency: currencyCode,
  country: countryCode,
  timeZone,
  locale: locale.default("en"),
});
export type CreateTenant = z.input<typeof createTenant>;

export const updateTenant = z.strictObject({
  id: z.uuid(),
  name: z.string().trim().min(2).max(80).optional(),
  country: countryCode.optional(),
  timeZone: timeZone.optional(),
  locale: locale.optional(),
});
export type UpdateTenant = z.input<typeof updateTenant>;

export const suspendTenant = z.strictObject({ id: z.uuid(), reason: z.string().trim().min(3).max(300) });
export type SuspendTenant = z.input<typeof suspendTenant>;
export const resumeTenant = z.strictObject({ id: z.uuid() });
export type ResumeTenant = z.input<typeof resumeTenant>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
