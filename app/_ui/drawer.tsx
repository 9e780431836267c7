"use client";
/** A panel from the side: navigation on narrow screens (left), details of a row (right). */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactElement, ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";
import { backdropLook } from "#app/_ui/dialog.tsx";

type DrawerProps = {
  title: ReactNode;
  side?: "left" | "right";
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
};

export function Drawer({ title, side = "right", trigger, open, onOpenChange, children }: DrawerProps) {
  const t = useTranslations("ui");
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={backdropLook} />
        <Base.Popup
          className={cn(
            "fixed inset-y-0 z-50 flex max-w-[calc(100vw-3rem)] flex-col overflow-hidden bg-raised shadow-pop outline-none transition-transform duration-200",
            side === "left"
              ? "left-0 w-72 border-line border-r data-ending-style:-translate-x-full data-starting-style:-translate-x-full"
              : "right-0 w-120 border-line border-l data-ending-style:translate-x-full data-starting-style:translate-x-full",
          )}
        >
          <header className="flex h-13 shrink-0 items-center justify-between gap-3 border-b px-4">
            <Base.Title className="min-w-0 truncate font-semibold text-base text-ink">{title}</Base.Title>
            <Base.Close
              aria-label={t("close")}
              className="flex size-8 items-center justify-center rounded-md text-ink-faint hover:bg-muted hover:text-ink"
            >
              <X className="size-4" aria-hidden />
            </Base.Close>
          </header>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
