"use client";
/**
 * A line along the top of the window while a link's page is on its way; stands inside the link. Pages have no outline of
 * their own to show meanwhile: an outline would be sent before the page has said whether it may be seen, and a refusal
 * or an absent record could no longer be answered with its status.
 */
import { useLinkStatus } from "next/link";

export function LinkProgress() {
  const { pending } = useLinkStatus();
  return pending ? <span aria-hidden className="link-progress" /> : null;
}
