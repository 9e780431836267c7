"use client";
/** The signed-in person: own account, language, theme, sign out. */
import { Languages, LogOut, SunMoon, UserRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useTheme } from "next-themes";
import type { ReactElement } from "react";
import { signOut } from "#app/_entrance/session-calls.ts";
import { chooseLocale } from "#app/_locale/actions.ts";
import { localeNames, locales } from "#app/_locale/locales.ts";
import { Menu, MenuChoice, MenuItem, MenuLine } from "#app/_ui/menu.tsx";

export type Person = { name: string; role: string; tenantName: string };

export function UserMenu({ person, trigger }: { person: Person; trigger: ReactElement }) {
  const t = useTranslations("shell");
  const roles = useTranslations("roles");
  const locale = useLocale();
  const router = useRouter();
  const { theme, setTheme } = useTheme();
  return (
    <Menu trigger={trigger} align="start">
      <div className="px-2 py-1.5 text-sm">
        <p className="truncate font-medium text-ink">{person.name}</p>
        <p className="truncate text-ink-faint text-xs">
          {roles(person.role)} · {person.tenantName}
        </p>
      </div>
      <MenuItem href="/console/account" icon={<UserRound aria-hidden />}>
        {t("account")}
      </MenuItem>
      <MenuLine />
      <MenuChoice
        label={t("language")}
        value={locale}
        options={locales.map((value) => ({ value, label: localeNames[value] }))}
        onChange={async (next) => {
          await chooseLocale(next);
          router.refresh();
        }}
        icon={<Languages aria-hidden />}
      />
      <MenuLine />
      <MenuChoice
        label={t("theme")}
        value={theme}
        options={[
          { value: "system", label: t("themeSystem") },
          { value: "light", label: t("themeLight") },
          { value: "dark", label: t("themeDark") },
        ]}
        onChange={setTheme}
        icon={<SunMoon aria-hidden />}
      />
      <MenuLine />
      <MenuItem icon={<LogOut aria-hidden />} onClick={leave}>
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}

/** A full load of the sign-in page: nothing of this person's data stays in the page's memory. */
async function leave() {
  await signOut();
  window.location.assign("/sign-in");
}
