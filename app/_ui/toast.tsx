"use client";
/** Where toasts appear. Islands call `toast.success(text)` and `toast.error(text)` of the sonner package. */
import { useTheme } from "next-themes";
import { Toaster } from "sonner";

export function Toasts() {
  const { resolvedTheme } = useTheme();
  return (
    <Toaster
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      toastOptions={{
        classNames: {
          toast: "!bg-raised !text-ink !border-line !shadow-pop !rounded-lg !text-sm !font-sans",
          description: "!text-ink-muted",
          actionButton: "!bg-brand !text-on-brand",
          success: "[&_[data-icon]]:!text-success",
          error: "[&_[data-icon]]:!text-danger",
          warning: "[&_[data-icon]]:!text-warning",
        },
      }}
    />
  );
}
