"use client";
/** Ctrl-K: goes anywhere and searches messages, by typing. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { CircleHelp, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { backdropLook } from "#app/_ui/dialog.tsx";
import { Kbd } from "#app/_ui/kbd.tsx";
import { itemIcons } from "#app/console/_shell/icons.ts";
import { matchScore } from "#app/console/_shell/match.ts";
import type { NavigationGroup } from "#app/console/_shell/navigation.ts";

type PaletteProps = { groups: NavigationGroup[]; open: boolean; onOpenChange: (open: boolean) => void };

const itemLook =
  "flex h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2.5 text-base text-ink aria-selected:bg-muted [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint";

export function CommandPalette({ groups, open, onOpenChange }: PaletteProps) {
  const t = useTranslations("shell");
  const ui = useTranslations("ui");
  const router = useRouter();
  const [text, setText] = useState("");
  function go(href: string) {
    onOpenChange(false);
    setText("");
    router.push(href);
  }
  const maySearch = groups.some((group) => group.items.some((item) => item.key === "messages"));
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropLook} />
        <Base.Popup className="fixed inset-x-4 top-[12vh] z-50 mx-auto max-w-xl animate-pop overflow-hidden rounded-xl border border-line bg-raised shadow-pop outline-none">
          <Base.Title className="sr-only">{t("openPalette")}</Base.Title>
          <Command label={t("openPalette")} filter={matchScore} loop>
            <div className="flex items-center gap-2.5 border-line border-b px-4">
              <Search className="size-4 shrink-0 text-ink-faint" aria-hidden />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder={t("searchOrGo")}
                className="h-12 w-full bg-transparent text-lg text-ink outline-none"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-2">
              <Command.Empty className="px-2.5 py-6 text-center text-ink-faint text-sm">
                {ui("nothingFound")}
              </Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group.key}
                  heading={t(`group.${group.key}`)}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-ink-faint [&_[cmdk-group-heading]]:text-xs"
                >
                  {group.items.map((item) => {
                    const Icon = itemIcons[item.key];
                    return (
                      <Command.Item
                        key={item.key}
                        value={`${t(`item.${item.key}`)} ${item.key}`}
                        onSelect={() => go(item.href)}
                        className={itemLook}
                      >
                        {Icon ? <Icon aria-hidden /> : null}
                        <span className="flex-1">{t(`item.${item.key}`)}</span>
                        {item.shortcut ? <Keys shortcut={item.shortcut} /> : null}
                      </Command.Item>
                    );
                  })}
                </Command.Group>
              ))}
              {maySearch && text.trim() ? (
                <Command.Item
                  forceMount
                  value={`why ${text}`}
                  onSelect={() => go(`/console/why?q=${encodeURIComponent(text.trim())}`)}
                  className={itemLook}
                >
                  <CircleHelp aria-hidden />
                  <span className="truncate">{t("askWhy", { text: text.trim() })}</span>
                </Command.Item>
              ) : null}
              {maySearch && text.trim() ? (
                <Command.Item
                  forceMount
                  value={`messages ${text}`}
                  onSelect={() => go(`/console/messages?q=${encodeURIComponent(text.trim())}`)}
                  className={itemLook}
                >
                  <Search aria-hidden />
                  <span className="truncate">{t("searchMessages", { text: text.trim() })}</span>
                </Command.Item>
              ) : null}
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export function Keys({ shortcut }: { shortcut: string }) {
  return (
    <span className="flex gap-1">
      <Kbd>g</Kbd>
      <Kbd>{shortcut}</Kbd>
    </span>
  );
}
