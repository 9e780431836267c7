/** The ledger over tRPC: statements and the proof. */
import * as input from "#server/domain/ledger/input.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import { statement } from "#server/domain/ledger/statement.ts";
import { statementCsv } from "#server/domain/ledger/statement-csv.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const ledgerRouter = router({
  statement: procedure.input(input.statement).query(({ ctx, input }) => statement(ctx.caller, input)),
  statementCsv: procedure
    .input(input.statement)
    .query(async ({ ctx, input }) => statementCsv(await statement(ctx.caller, input))),
  prove: procedure.input(input.proveLedger).query(({ ctx, input }) => prove(ctx.caller, input)),
});
