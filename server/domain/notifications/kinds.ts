/** Every kind of e-mail and what its text needs. Values are plain text: rendering escapes them. */
import { z } from "zod";

const text = z.string().max(500);
const link = z.url();
const noticeOfSender = z.strictObject({ senderName: text, link });
const noticeOfOrder = z.strictObject({ orderName: text, link });

export const emailKinds = {
  user_invited: z.strictObject({ link, hours: z.string() }),
  password_reset: z.strictObject({ link, hours: z.string() }),
  account_locked: z.strictObject({ minutes: z.string(), link }),
  sender_review: z.strictObject({ senderName: text, tenantName: text, link }),
  sender_approved: noticeOfSender,
  sender_rejected: noticeOfSender.extend({ reason: text }),
  sender_revoked: noticeOfSender.extend({ reason: text }),
  case_opened: z.strictObject({ senderName: text, tenantName: text, recipients: z.string(), link }),
  case_approved: noticeOfSender,
  case_rejected: noticeOfSender.extend({ reason: text }),
  order_nearly_used: noticeOfOrder,
  order_used_up: noticeOfOrder,
  order_expired: noticeOfOrder,
  webhook_failing: z.strictObject({ address: text, link }),
  webhook_gone: z.strictObject({ address: text, link }),
  tenant_suspended: z.strictObject({ tenantName: text, reason: text, link }),
  tenant_resumed: z.strictObject({ tenantName: text, link }),
} as const;

export type EmailKind = keyof typeof emailKinds;
export type EmailData<K extends EmailKind> = z.output<(typeof emailKinds)[K]>;

/** Their links let whoever holds them set a password: stored sealed, shown to few. */
export const secretKinds: readonly string[] = ["user_invited", "password_reset"] satisfies EmailKind[];

export type Template = {
  subject: string;
  /** Paragraphs with {placeholders}: {product} and the kind's data. */
  body: string[];
  /** What the button to {link} says. */
  action: string;
};
export type Templates = { [K in EmailKind]: Template } & {
  /** Under every e-mail; {support} is an address. */
  footer: { plain: string; withSupport: string };
};
