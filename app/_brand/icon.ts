/** A brand's icon and logo addresses: its own picture, or its initial on its colour. */
import { brandColors } from "#app/_brand/colors.ts";

type Icon = { tenantId: string | null; productName: string; primaryColor: string; logoVersion: string | null };

/** The version is part of the address, so that a picture is cached for ever and a new one shows at once. */
export function logoUrl(brand: Pick<Icon, "tenantId" | "logoVersion">): string | null {
  return brand.tenantId && brand.logoVersion
    ? `/brand/logo/${brand.tenantId}?v=${encodeURIComponent(brand.logoVersion)}`
    : null;
}

export function iconUrl(brand: Icon): string {
  const { fill, onFill } = brandColors(brand.primaryColor, null);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${fill}"/>` +
    `<text x="16" y="22.5" font-family="sans-serif" font-size="18" font-weight="700" text-anchor="middle" ` +
    `fill="${onFill}">${initial(brand.productName)}</text></svg>`;
  return logoUrl(brand) ?? `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** One letter or digit, never markup. */
export const initial = (name: string): string => (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? "•").toUpperCase();
