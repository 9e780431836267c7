"use client";
/** The grouped menu, in the side column and in the drawer. */
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { cn } from "#app/_ui/cn.ts";
import { HoverLink } from "#app/_ui/hover-link.tsx";
import { InView } from "#app/_ui/in-view.tsx";
import { itemIcons } from "#app/console/_shell/icons.ts";
import { itemAt, type NavigationGroup } from "#app/console/_shell/navigation.ts";

export function MenuList({ groups, onGo }: { groups: NavigationGroup[]; onGo?: () => void }) {
  const t = useTranslations("shell");
  const current = itemAt(usePathname())?.key;
  return (
    <nav aria-label={t("navigation")} className="flex flex-col gap-3 px-2.5 pb-3">
      {groups.map((group) => (
        <div key={group.key}>
          {group.key === "overview" ? null : (
            <p className="px-2 pb-1 font-medium text-ink-faint text-xs">{t(`group.${group.key}`)}</p>
          )}
          <ul className="flex flex-col gap-px">
            {group.items.map((item) => {
              const Icon = itemIcons[item.key];
              const isCurrent = item.key === current;
              return (
                <li key={item.key}>
                  <HoverLink
                    href={item.href}
                    onClick={onGo}
                    aria-current={isCurrent ? "page" : undefined}
                    className={cn(
                      "flex h-7 items-center gap-2.5 rounded-md px-2 text-sm transition-colors max-lg:h-10 max-lg:text-base",
                      isCurrent
                        ? "bg-brand-soft font-medium text-brand-ink"
                        : "text-ink-muted hover:bg-muted hover:text-ink",
                    )}
                  >
                    {Icon ? <Icon className="size-4 shrink-0" aria-hidden /> : null}
                    {isCurrent ? <InView /> : null}
                    <span className="truncate">{t(`item.${item.key}`)}</span>
                  </HoverLink>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
