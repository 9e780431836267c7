/** A verb context for a person who proved who they are by a link or a password, before there is a session. */
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import type { Role } from "#server/kernel/permissions.ts";

type Person = { id: string; tenantId: string; name: string; role: Role };

export const asPerson = (ctx: InTx, { id, tenantId, name, role }: Person): InTx => ({
  ...ctx,
  tenantId,
  actor: { type: "user", id, name, role },
  requestId: newId(),
});
