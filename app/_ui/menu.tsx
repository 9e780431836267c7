"use client";
/** A menu of actions and links behind a button. */
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";

const itemLook =
  "flex w-full cursor-default select-none items-center gap-2 rounded px-2 py-1.5 text-ink text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-muted [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint";

export function Menu({
  trigger,
  align = "end",
  children,
}: {
  trigger: ReactElement;
  align?: "start" | "end";
  children: ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50 outline-none">
          <Base.Popup className="min-w-48 max-w-80 animate-pop rounded-lg border border-line bg-raised p-1 shadow-pop outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type MenuItemProps = {
  icon?: ReactNode;
  onClick?: () => void;
  href?: string;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
};

export function MenuItem({ icon, onClick, href, danger, disabled, children }: MenuItemProps) {
  const className = cn(itemLook, danger && "text-danger [&_svg]:text-danger");
  if (href) {
    return (
      <Base.LinkItem className={className} render={<Link href={href} />} closeOnClick>
        {icon}
        {children}
      </Base.LinkItem>
    );
  }
  return (
    <Base.Item className={className} onClick={onClick} disabled={disabled}>
      {icon}
      {children}
    </Base.Item>
  );
}

export function MenuLine() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** One choice out of a few, with the present one ticked. */
type MenuChoiceProps = {
  label: string;
  icon?: ReactNode;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
};

export function MenuChoice({ label, icon, value, options, onChange }: MenuChoiceProps) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: string) => onChange(next)}>
      <Base.Group>
        <Base.GroupLabel className="flex items-center gap-1.5 px-2 pt-1.5 pb-0.5 text-ink-faint text-xs [&_svg]:size-3.5">
          {icon}
          {label}
        </Base.GroupLabel>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={itemLook} closeOnClick>
            <span className="flex-1">{option.label}</span>
            <Base.RadioItemIndicator>
              <Check aria-hidden />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  );
}
