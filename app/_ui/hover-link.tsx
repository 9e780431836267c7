"use client";
/** A link that loads ahead when pointed at or focused, not when seen: a list of fifty rows must not ask for fifty pages. */
import Link from "next/link";
import { type ComponentProps, useState } from "react";
import { LinkProgress } from "#app/_ui/link-progress.tsx";

export function HoverLink({
  children,
  ...rest
}: Omit<ComponentProps<typeof Link>, "prefetch" | "onMouseEnter" | "onFocus">) {
  const [isNear, setNear] = useState(false);
  const near = () => setNear(true);
  return (
    <Link {...rest} prefetch={isNear ? null : false} onMouseEnter={near} onFocus={near}>
      {children}
      <LinkProgress />
    </Link>
  );
}
