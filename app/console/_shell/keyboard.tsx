"use client";
/** Keys of the console: Ctrl-K, "g" and a letter, "/", "?"; and the help that lists them. */
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, use, useEffect, useRef, useState } from "react";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Kbd } from "#app/_ui/kbd.tsx";
import { CommandPalette, Keys } from "#app/console/_shell/command-palette.tsx";
import type { NavigationGroup } from "#app/console/_shell/navigation.ts";

const PaletteContext = createContext<() => void>(() => {});
/** Opens the command palette. */
export const useOpenPalette = () => use(PaletteContext);

/** How long after "g" its letter still counts. */
const chordMs = 1_200;

export function Keyboard({ groups, children }: { groups: NavigationGroup[]; children: ReactNode }) {
  const [isPaletteOpen, setPalette] = useState(false);
  const [isHelpOpen, setHelp] = useState(false);
  useKeys(groups, { onPalette: () => setPalette(true), onHelp: () => setHelp(true) });
  return (
    <PaletteContext value={() => setPalette(true)}>
      {children}
      <CommandPalette groups={groups} open={isPaletteOpen} onOpenChange={setPalette} />
      <KeyboardHelp groups={groups} open={isHelpOpen} onOpenChange={setHelp} />
    </PaletteContext>
  );
}

function useKeys(groups: NavigationGroup[], { onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const router = useRouter();
  const leaderAt = useRef(0);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const isChord = event.timeStamp - leaderAt.current < chordMs;
      leaderAt.current = event.key === "g" ? event.timeStamp : 0;
      if (event.key === "?") return onHelp();
      if (event.key === "/") {
        const search = document.querySelector<HTMLInputElement>("main input[type=search]");
        if (search) event.preventDefault();
        return search?.focus();
      }
      const target = groups.flatMap((group) => group.items).find((item) => item.shortcut === event.key);
      if (isChord && target) router.push(target.href);
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null);

function KeyboardHelp({
  groups,
  open,
  onOpenChange,
}: {
  groups: NavigationGroup[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("shell");
  const ui = useTranslations("ui");
  return (
    <Dialog title={t("keyboard")} open={open} onOpenChange={onOpenChange}>
      <ul className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
        <HelpLine text={t("openPalette")}>
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </HelpLine>
        <HelpLine text={t("showHelp")}>
          <Kbd>?</Kbd>
        </HelpLine>
        <HelpLine text={ui("search")}>
          <Kbd>/</Kbd>
        </HelpLine>
        {groups
          .flatMap((group) => group.items)
          .map((item) =>
            item.shortcut ? (
              <HelpLine key={item.key} text={t(`item.${item.key}`)}>
                <Keys shortcut={item.shortcut} />
              </HelpLine>
            ) : null,
          )}
      </ul>
    </Dialog>
  );
}

function HelpLine({ text, children }: { text: string; children: ReactNode }) {
  return (
    <li className="flex items-center justify-between gap-3 text-ink-muted">
      {text}
      <span className="flex gap-1">{children}</span>
    </li>
  );
}
