/** Every workflow that is served at /api/inngest: add one line for each file of this folder. */
import type { InngestFunction } from "inngest";
import { proveLedger } from "#server/jobs/prove-ledger.ts";
import { turnOrders } from "#server/jobs/turn-orders.ts";

export const functions: InngestFunction.Like[] = [proveLedger, turnOrders];
