"use client";
/** A dialog, opened by its trigger or by its parent. Focus stays inside, Escape closes it. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactElement, type ReactNode, useRef } from "react";
import { cn } from "#app/_ui/cn.ts";

export type DialogProps = {
  title: ReactNode;
  description?: ReactNode;
  /** A Button; leave it out where the parent holds `open`. */
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  wide?: boolean;
  children: ReactNode;
};

export const backdropLook =
  "fixed inset-0 z-40 bg-black/35 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 dark:bg-black/60";

export function Dialog({ title, description, trigger, open, onOpenChange, wide, children }: DialogProps) {
  const t = useTranslations("ui");
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={backdropLook} />
        <Base.Viewport className="fixed inset-0 z-50 flex items-start justify-center overflow-y-auto p-4 pt-[8vh] max-sm:items-end max-sm:p-0">
          <Base.Popup
            ref={popup}
            // Straight to the first field; by touch not, for the keyboard would cover the dialog.
            initialFocus={(by) => (by === "touch" ? true : (firstField(popup.current) ?? true))}
            className={cn(
              "w-full animate-pop rounded-xl border border-line bg-raised shadow-pop outline-none max-sm:max-h-[92dvh] max-sm:overflow-y-auto max-sm:rounded-b-none",
              wide ? "max-w-3xl" : "max-w-lg",
            )}
          >
            <header className="flex items-start justify-between gap-4 px-5 pt-4">
              <div className="min-w-0">
                <Base.Title className="font-semibold text-ink text-lg">{title}</Base.Title>
                {description ? (
                  <Base.Description className="text-ink-faint text-sm">{description}</Base.Description>
                ) : null}
              </div>
              <Base.Close
                aria-label={t("close")}
                className="-mr-1.5 flex size-7 shrink-0 items-center justify-center rounded-md text-ink-faint hover:bg-muted hover:text-ink"
              >
                <X className="size-4" aria-hidden />
              </Base.Close>
            </header>
            <div className="px-5 pt-4 pb-5">{children}</div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

function firstField(popup: HTMLElement | null): HTMLElement | null {
  return (
    popup?.querySelector<HTMLElement>("input:enabled:not([type=hidden]), select:enabled, textarea:enabled") ?? null
  );
}
