/** Buttons and links that look like buttons. One primary a screen; danger only for what cannot be undone. */
import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";

export const buttonLook = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "border-black/10 bg-brand text-on-brand shadow-card hover:bg-brand-hover dark:border-white/15",
        secondary: "border-line-strong bg-raised text-ink shadow-card hover:bg-muted",
        ghost: "border-transparent bg-transparent text-ink-muted hover:bg-muted hover:text-ink",
        danger: "border-black/10 bg-danger-fill text-white shadow-card hover:brightness-90",
        link: "h-auto! border-transparent px-0! text-brand-ink underline-offset-4 hover:underline",
      },
      size: {
        sm: "h-7 px-2.5 text-xs",
        md: "h-8 px-3 text-sm max-sm:h-9",
        lg: "h-10 px-4 text-base",
        icon: "size-8 p-0 max-sm:size-9",
      },
    },
    defaultVariants: { look: "secondary", size: "md" },
  },
);

type Look = VariantProps<typeof buttonLook>;

/** @property busy shows a spinner and refuses clicks while a request is under way */
export type ButtonProps = ComponentProps<"button"> & Look & { busy?: boolean; icon?: ReactNode };

export function Button({ look, size, busy, icon, className, children, disabled, type, ...rest }: ButtonProps) {
  return (
    <button
      type={type ?? "button"}
      className={cn(buttonLook({ look, size }), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <LoaderCircle className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}

export function ButtonLink({
  look,
  size,
  icon,
  className,
  children,
  ...rest
}: ComponentProps<typeof Link> & Look & { icon?: ReactNode }) {
  return (
    <Link className={cn(buttonLook({ look, size }), className)} {...rest}>
      {icon}
      {children}
    </Link>
  );
}
