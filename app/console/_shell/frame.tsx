"use client";
/** The console's frame: side column on wide screens, top bar and drawer on narrow ones. */
import { ChevronsUpDown, Menu as MenuIcon, Search } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { BrandMark, type MarkBrand } from "#app/_brand/brand-mark.tsx";
import { initial } from "#app/_brand/icon.ts";
import { Drawer } from "#app/_ui/drawer.tsx";
import { Kbd } from "#app/_ui/kbd.tsx";
import { Keyboard, useOpenPalette } from "#app/console/_shell/keyboard.tsx";
import { MenuList } from "#app/console/_shell/menu-list.tsx";
import type { NavigationGroup } from "#app/console/_shell/navigation.ts";
import { type Person, UserMenu } from "#app/console/_shell/user-menu.tsx";

type FrameProps = { brand: MarkBrand; person: Person; groups: NavigationGroup[]; children: ReactNode };

export function Frame({ brand, person, groups, children }: FrameProps) {
  const t = useTranslations("shell");
  return (
    <Keyboard groups={groups}>
      <a
        href="#content"
        className="sr-only rounded-md bg-raised px-3 py-2 text-sm focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-80"
      >
        {t("skip")}
      </a>
      <div className="min-h-dvh lg:pl-60">
        <aside className="fixed inset-y-0 left-0 z-20 hidden w-60 flex-col border-line border-r bg-subtle lg:flex">
          <Link href="/console" className="mx-2.5 mt-3 mb-2 flex rounded-md px-2 py-1.5">
            <BrandMark brand={brand} />
          </Link>
          <SearchButton />
          <div className="min-h-0 flex-1 overflow-y-auto">
            <MenuList groups={groups} />
          </div>
          <div className="border-line border-t p-2.5">
            <PersonButton person={person} />
          </div>
        </aside>
        <NarrowBar brand={brand} person={person} groups={groups} />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[88rem] px-4 py-5 outline-none sm:px-6 lg:px-8 lg:py-7"
        >
          {children}
        </main>
      </div>
    </Keyboard>
  );
}

function NarrowBar({ brand, person, groups }: Omit<FrameProps, "children">) {
  const t = useTranslations("shell");
  const openPalette = useOpenPalette();
  const [isOpen, setOpen] = useState(false);
  const round = "flex size-10 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-muted";
  return (
    <header className="sticky top-0 z-20 flex h-13 items-center gap-1 border-line border-b bg-canvas/95 px-2 backdrop-blur lg:hidden">
      <Drawer
        side="left"
        title={brand.productName}
        open={isOpen}
        onOpenChange={setOpen}
        trigger={
          <button type="button" aria-label={t("openNavigation")} className={round}>
            <MenuIcon className="size-5" aria-hidden />
          </button>
        }
      >
        <div className="flex-1 pt-3">
          <MenuList groups={groups} onGo={() => setOpen(false)} />
        </div>
        <div className="sticky bottom-0 border-line border-t bg-raised p-2.5">
          <PersonButton person={person} />
        </div>
      </Drawer>
      <Link href="/console" className="min-w-0 flex-1 rounded-md px-1">
        <BrandMark brand={brand} />
      </Link>
      <button type="button" aria-label={t("openPalette")} className={round} onClick={openPalette}>
        <Search className="size-5" aria-hidden />
      </button>
    </header>
  );
}

function SearchButton() {
  const t = useTranslations("shell");
  const openPalette = useOpenPalette();
  return (
    <button
      type="button"
      onClick={openPalette}
      className="mx-2.5 mb-4 flex h-8 items-center gap-2 rounded-md border border-line bg-canvas px-2 text-ink-faint text-sm shadow-card hover:border-line-strong"
    >
      <Search className="size-3.5" aria-hidden />
      <span className="flex-1 truncate text-left">{t("searchOrGo")}</span>
      <Kbd>Ctrl K</Kbd>
    </button>
  );
}

function PersonButton({ person }: { person: Person }) {
  const t = useTranslations("shell");
  return (
    <UserMenu
      person={person}
      trigger={
        <button type="button" className="flex w-full items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-muted">
          <span className="sr-only">{t("account")}</span>
          <span
            aria-hidden
            className="flex size-7 shrink-0 items-center justify-center rounded-full bg-brand-soft font-semibold text-brand-ink text-xs"
          >
            {initial(person.name)}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium text-ink text-sm">{person.name}</span>
            <span className="block truncate text-ink-faint text-xs">{person.tenantName}</span>
          </span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-ink-faint" aria-hidden />
        </button>
      }
    />
  );
}
