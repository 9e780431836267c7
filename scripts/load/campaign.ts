/** A campaign of any size for load and crash runs: a list of known numbers, imported and submitted through the verbs. */
import { Readable } from "node:stream";
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { createCampaign } from "#server/domain/campaigns/create.ts";
import { setAudience } from "#server/domain/campaigns/set-audience.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import { importList } from "#server/domain/contacts/import-list.ts";
import { newId } from "#server/kernel/id.ts";

export type LoadCampaign = { id: string; tenantId: string; numbers: string[]; submit(): Promise<void> };

/** Vietnamese numbers, all different, none of them the demo's or one of the carrier's magic numbers. */
export function plainNumbers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `8486${200 + Math.floor(n / 9_000)}${1_000 + (n % 9_000)}`);
}

/** @param recipients numbers, or how many */
export async function makeCampaign(
  db: Database,
  tenantName: string,
  senderName: string,
  recipients: number | readonly string[],
): Promise<LoadCampaign> {
  const [place] = await db.sql<{ tenantId: string; senderId: string }[]>`
    select t.id as "tenantId", s.id as "senderId" from tenants t join senders s on s.tenant_id = t.id
    where t.name = ${tenantName} and s.name = ${senderName}`;
  if (!place) throw new Error(`The demo has no sender ${senderName} of ${tenantName}.`);
  const ctx = ownerOf(db, place.tenantId);
  const numbers = typeof recipients === "number" ? plainNumbers(recipients) : [...recipients];
  const count = numbers.length;
  const listId = newId();
  const csv = `phone,name\n${numbers.map((number, n) => `${number},Khách ${n}`).join("\n")}\n`;
  const stream = Readable.from([Buffer.from(csv)]);
  const list = await importList(ctx, {
    id: listId,
    name: "Load",
    fileName: "load.csv",
    mapping: { phone: "phone", fields: ["name"] },
    stream,
  });
  if (list.acceptedCount !== count) throw new Error(`The list has ${list.acceptedCount} of ${count} recipients.`);
  const id = newId();
  await createCampaign(ctx, {
    id,
    name: `Load ${count}`,
    senderId: place.senderId,
    template: "Hello {{name|friend}}, thank you for your order.",
  });
  await setAudience(ctx, { id, listId });
  return { id, tenantId: place.tenantId, numbers, submit: async () => void (await submitCampaign(ctx, { id })) };
}

/** Polls a real condition; the bound is generous because the machine may be busy. */
export async function until(what: string, timeoutMs: number, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
