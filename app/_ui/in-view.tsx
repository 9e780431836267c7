"use client";
/** Scrolls the current one of several links into view, where they do not all fit: in the menu, in a row of tabs. */
import { useEffect, useRef } from "react";

export function InView() {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const link = mark.current?.parentElement;
    const box = link && scrollerOf(link);
    if (!box) return;
    // Not scrollIntoView: it would also move the place from which Tab goes on.
    const [inner, outer] = [link.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollLeft += outside(inner.left, inner.right, outer.left, outer.right);
    box.scrollTop += outside(inner.top, inner.bottom, outer.top, outer.bottom);
  }, []);
  return <span ref={mark} hidden />;
}

/** How far the inner span reaches out of the outer one: negative before it, positive behind it. */
function outside(start: number, end: number, from: number, to: number): number {
  return Math.min(0, start - from) + Math.max(0, end - to);
}

function scrollerOf(link: HTMLElement): HTMLElement | null {
  for (let box = link.parentElement; box && box !== document.body; box = box.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(box);
    if ([overflowX, overflowY].some((value) => value === "auto" || value === "scroll")) return box;
  }
  return null;
}
