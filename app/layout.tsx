/** The root of every page: the brand of the host, the language, the theme, the providers of islands. */
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { brandColors, brandCss } from "#app/_brand/colors.ts";
import { currentBrand } from "#app/_brand/current.ts";
import { iconUrl } from "#app/_brand/icon.ts";
import { Providers } from "#app/_ui/providers.tsx";
import "#app/globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const brand = await currentBrand();
  return {
    title: { default: brand.productName, template: `%s · ${brand.productName}` },
    icons: [{ rel: "icon", url: iconUrl(brand) }],
    robots: { index: false, follow: false },
  };
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f8f8fa" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0b0d" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [brand, locale, list, messages] = await Promise.all([currentBrand(), getLocale(), headers(), getMessages()]);
  const { ui, shell, errors, validation, signin } = messages;
  const css = brandCss(brandColors(brand.primaryColor, brand.accentColor));
  return (
    <html lang={locale} suppressHydrationWarning>
      <head>
        <style>{css}</style>
      </head>
      <body>
        {/* Before sign-in the browser gets the texts of these pages only; the console adds the rest. */}
        <NextIntlClientProvider messages={{ ui, shell, errors, validation, signin }}>
          <Providers nonce={list.get("x-nonce") ?? undefined}>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
