/** A brand's logo, or its initial on its colour, beside its name. */

import Image from "next/image";
import { initial, logoUrl } from "#app/_brand/icon.ts";
import { cn } from "#app/_ui/cn.ts";

export type MarkBrand = { tenantId: string | null; productName: string; logoVersion: string | null };

export function BrandMark({
  brand,
  size = "md",
  nameless,
}: {
  brand: MarkBrand;
  size?: "md" | "lg";
  nameless?: boolean;
}) {
  const logo = logoUrl(brand);
  const box = size === "lg" ? "size-10 rounded-xl text-lg" : "size-7 rounded-md text-sm";
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      {logo ? (
        <Image
          unoptimized
          width={144}
          height={size === "lg" ? 40 : 28}
          src={logo}
          alt={nameless ? brand.productName : ""}
          className={cn("w-auto max-w-36 object-contain", size === "lg" ? "h-10" : "h-7")}
        />
      ) : (
        <span
          aria-hidden
          className={cn("flex shrink-0 items-center justify-center bg-brand font-bold text-on-brand", box)}
        >
          {initial(brand.productName)}
        </span>
      )}
      {nameless ? null : (
        <span className={cn("truncate font-semibold text-ink", size === "lg" ? "text-xl" : "text-base")}>
          {brand.productName}
        </span>
      )}
    </span>
  );
}
