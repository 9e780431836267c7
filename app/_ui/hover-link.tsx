"use client";
/** A link that loads ahead when pointed at or focused, not when seen: a list of fifty rows must not ask for fifty pages. */
import Link from "next/link";
import { type ComponentProps, useState } from "react";

export function HoverLink(props: Omit<ComponentProps<typeof Link>, "prefetch" | "onMouseEnter" | "onFocus">) {
  const [isNear, setNear] = useState(false);
  const near = () => setNear(true);
  return <Link {...props} prefetch={isNear ? null : false} onMouseEnter={near} onFocus={near} />;
}
