/** Writes an e-mail: the row first, in the transaction of what it tells; sending comes after. */
import { emails } from "#db/schema/notifications.ts";
import { env } from "#env.ts";
import { brandWithin, type Locale } from "#server/domain/branding/resolve.ts";
import { emailQueued } from "#server/domain/notifications/events.ts";
import { type EmailData, type EmailKind, emailKinds, secretKinds } from "#server/domain/notifications/kinds.ts";
import { render, type Values } from "#server/domain/notifications/render.ts";
import { sealLink } from "#server/domain/notifications/secret-link.ts";
import type { InTx } from "#server/kernel/context.ts";
import { namedId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";

export type QueueEmail<K extends EmailKind> = {
  /** The tenant in whose name and brand it is sent, and whose people may read it. */
  tenantId: string;
  kind: K;
  to: string;
  locale: Locale | null;
  data: EmailData<K>;
  /** The same key is written once. */
  dedupeKey: string;
};

/** @returns the e-mail's id. Without an SMTP_URL it is kept for the console and never sent. */
export async function queueEmail<K extends EmailKind>(ctx: InTx, input: QueueEmail<K>): Promise<{ emailId: string }> {
  const { tenantId, kind, to, dedupeKey } = input;
  const emailId = namedId("email", dedupeKey);
  const data = emailKinds[kind].parse(input.data) as Values;
  const brand = await brandWithin(ctx, tenantId);
  const link = secretKinds.includes(kind) ? sealLink(data.link, emailId) : data.link;
  const rendered = render(kind, input.locale ?? brand.locale ?? "en", brand, { ...data, link });
  const status = env.SMTP_URL ? "queued" : "kept";
  const written = await ctx.tx.db
    .insert(emails)
    .values({ id: emailId, tenantId, kind, toAddress: to, ...rendered, status, dedupeKey, createdAt: ctx.clock.now() })
    .onConflictDoNothing()
    .returning({ id: emails.id });
  if (written.length && status === "queued") await emit(ctx, emailQueued, { emailId }, tenantId);
  return { emailId };
}
