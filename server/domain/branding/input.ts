/** What callers may send to the branding room. */
import { z } from "zod";
import { contrast, minContrast, textColorOn } from "#server/domain/branding/contrast.ts";

/** Upper bound of an uploaded logo, in bytes. */
export const maxLogoBytes = 1024 * 1024;

const color = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, "Use six hexadecimal digits, for example #0f766e.")
  .refine(
    (value) => contrast(value, textColorOn(value)) >= minContrast,
    "Neither white nor black text can be read on this colour (WCAG 2.2, 4.5 to 1).",
  );

/** A name people see in headers and subjects: one line. */
const shownName = z
  .string()
  .trim()
  .min(2)
  .max(60)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, "Use visible characters only.");

export const hostInput = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?=.*[a-z])([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "Use a host name without scheme, port and path, for example sms.example.com.",
  );

const tenantId = z.uuid();

export const serviceUrl = z.strictObject({
  /** The actor's own tenant when left out. */
  tenantId: z.uuid().optional(),
});
export type ServiceUrl = z.input<typeof serviceUrl>;

export const getBrand = z.strictObject({ tenantId });
export type GetBrand = z.input<typeof getBrand>;

export const updateBrand = z.strictObject({
  tenantId,
  productName: shownName,
  primaryColor: color,
  accentColor: color,
  supportEmail: z.email().max(254).nullable().default(null),
  emailFromName: shownName.nullable().default(null),
});
export type UpdateBrand = z.input<typeof updateBrand>;

export const uploadLogo = z.strictObject({
  tenantId,
  /** A PNG, JPEG, WebP or SVG file. */
  imageBase64: z
    .base64()
    .min(1)
    .max(Math.ceil((maxLogoBytes * 4) / 3) + 4, "The file may have at most 1 MB."),
});
export type UploadLogo = z.input<typeof uploadLogo>;

export const removeLogo = z.strictObject({ tenantId });
export type RemoveLogo = z.input<typeof removeLogo>;

export const addHost = z.strictObject({ tenantId, host: hostInput });
export type AddHost = z.input<typeof addHost>;

export const removeHost = z.strictObject({ tenantId, host: hostInput });
export type RemoveHost = z.input<typeof removeHost>;
