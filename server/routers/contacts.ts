/** Contacts over tRPC. Files are uploaded and downloaded over app/api/uploads and app/api/exports. */
import { retireList } from "#server/domain/campaigns/retire-list.ts";
import { addOptOuts } from "#server/domain/contacts/add-opt-outs.ts";
import { getList } from "#server/domain/contacts/get-list.ts";
import * as input from "#server/domain/contacts/input.ts";
import { listLists } from "#server/domain/contacts/list-lists.ts";
import { listOptOuts } from "#server/domain/contacts/list-opt-outs.ts";
import { listRecipients, listRejectedRows } from "#server/domain/contacts/list-recipients.ts";
import { removeOptOuts } from "#server/domain/contacts/remove-opt-outs.ts";
import { renameList } from "#server/domain/contacts/rename-list.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const contactsRouter = router({
  lists: procedure.input(input.listLists).query(({ ctx, input }) => listLists(ctx.caller, input)),
  list: procedure.input(input.listId).query(({ ctx, input }) => getList(ctx.caller, input)),
  recipients: procedure.input(input.listRows).query(({ ctx, input }) => listRecipients(ctx.caller, input)),
  rejectedRows: procedure.input(input.listRows).query(({ ctx, input }) => listRejectedRows(ctx.caller, input)),
  renameList: procedure.input(input.renameList).mutation(({ ctx, input }) => renameList(ctx.caller, input)),
  deleteList: procedure.input(input.listId).mutation(({ ctx, input }) => retireList(ctx.caller, input)),
  optOuts: procedure.input(input.listOptOuts).query(({ ctx, input }) => listOptOuts(ctx.caller, input)),
  addOptOuts: procedure.input(input.addOptOuts).mutation(({ ctx, input }) => addOptOuts(ctx.caller, input)),
  removeOptOuts: procedure.input(input.removeOptOuts).mutation(({ ctx, input }) => removeOptOuts(ctx.caller, input)),
});
