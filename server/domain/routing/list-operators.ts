/** Operators, for the choices in price lists, routes and filters: reference data that everybody signed in may read. */
import { type Operator, operatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { allow } from "#server/kernel/allow.ts";
import type { Context } from "#server/kernel/context.ts";

export async function listOperators(ctx: Context): Promise<Operator[]> {
  allow(ctx, "messages.read");
  return (await operatorDirectory(ctx)).all();
}
