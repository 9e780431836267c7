/** The frame of the pages before sign-in: the brand of the host, one card, the language switch. */
import type { ReactNode } from "react";
import { BrandMark } from "#app/_brand/brand-mark.tsx";
import { currentBrand } from "#app/_brand/current.ts";
import { LanguageSwitch } from "#app/_entrance/language-switch.tsx";

type EntranceFrameProps = { title: ReactNode; lead?: ReactNode; footer?: ReactNode; children: ReactNode };

export async function EntranceFrame({ title, lead, footer, children }: EntranceFrameProps) {
  const brand = await currentBrand();
  return (
    <div className="relative flex min-h-dvh flex-col items-center justify-center overflow-hidden px-4 py-10">
      <div aria-hidden className="absolute inset-x-0 top-0 h-1 bg-brand" />
      <div
        aria-hidden
        className="pointer-events-none absolute -top-72 left-1/2 h-[36rem] w-[64rem] max-w-none -translate-x-1/2 rounded-full bg-brand-ink opacity-[0.07] blur-3xl dark:opacity-[0.11]"
      />
      <main className="relative w-full max-w-[25rem]">
        <div className="mb-6 flex justify-center">
          <BrandMark brand={brand} size="lg" />
        </div>
        <div className="rounded-xl border border-line bg-raised p-6 shadow-pop max-sm:p-5">
          <h1 className="font-semibold text-ink text-xl tracking-[-0.01em]">{title}</h1>
          {lead ? <p className="mt-1 text-ink-faint text-sm">{lead}</p> : null}
          <div className="mt-5">{children}</div>
        </div>
        {footer ? <div className="mt-4 text-center text-sm">{footer}</div> : null}
        <div className="mt-6 flex justify-center">
          <LanguageSwitch />
        </div>
        {brand.supportEmail ? (
          <p className="mt-3 text-center text-ink-faint text-xs">
            <a className="hover:text-ink hover:underline" href={`mailto:${brand.supportEmail}`}>
              {brand.supportEmail}
            </a>
          </p>
        ) : null}
      </main>
    </div>
  );
}
