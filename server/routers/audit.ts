/** The audit log over tRPC: read only. */
import * as input from "#server/domain/reports/audit-input.ts";
import { listAudit } from "#server/domain/reports/list-audit.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const auditRouter = router({
  list: procedure.input(input.listAudit).query(({ ctx, input }) => listAudit(ctx.caller, input)),
});
