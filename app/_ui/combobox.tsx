"use client";
/** Chooses one of a long list by typing: time zones, countries, tenants. */
import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronsUpDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "#app/_ui/cn.ts";
import { boxLook, type Option } from "#app/_ui/input.tsx";

export type ComboboxProps = {
  options: readonly Option[];
  value: string | null | undefined;
  onChange: (value: string) => void;
  onBlur?: () => void;
  placeholder?: string;
  disabled?: boolean;
  id?: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
  "aria-label"?: string;
};

export function Combobox({ options, value, onChange, placeholder, disabled, ...input }: ComboboxProps) {
  const t = useTranslations("ui");
  // A value that the list lacks (an old name of a zone) is shown as it is, not lost.
  const chosen = options.find((option) => option.value === value) ?? (value ? { value, label: value } : null);
  return (
    <Base.Root
      items={options}
      value={chosen}
      onValueChange={(option) => onChange(option?.value ?? "")}
      disabled={disabled}
      autoHighlight
    >
      <Base.InputGroup className="relative block">
        <Base.Input className={cn(boxLook, "h-8 pr-8 max-sm:h-10")} placeholder={placeholder} {...input} />
        <Base.Trigger
          className="absolute inset-y-0 right-0 flex w-8 items-center justify-center text-ink-faint"
          aria-label={t("open")}
        >
          <ChevronsUpDown className="size-3.5" aria-hidden />
        </Base.Trigger>
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner className="z-60 outline-none" sideOffset={4}>
          <Base.Popup className="w-(--anchor-width) max-w-(--available-width) animate-pop rounded-lg border border-line bg-raised shadow-pop">
            <Base.Empty className="px-3 py-2 text-ink-faint text-sm empty:hidden">{t("nothingFound")}</Base.Empty>
            <Base.List className="max-h-[min(18rem,var(--available-height))] overflow-y-auto overscroll-contain p-1">
              {(option: Option) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  className="flex cursor-default select-none items-center gap-2 rounded px-2 py-1.5 text-sm outline-none data-highlighted:bg-muted"
                >
                  <span className="min-w-0 flex-1 truncate">{option.label}</span>
                  <Base.ItemIndicator>
                    <Check className="size-3.5 text-brand-ink" aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
