/** Waits for a record; what is not there, or not in this person's scope, becomes the "nothing here" page. */
import "server-only";
import { TRPCError } from "@trpc/server";
import { forbidden, notFound } from "next/navigation";

/** `const order = await found(caller.orders.get({ id }))` */
export async function found<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    // A mistyped id in the address is as absent as an unknown one.
    if (error instanceof TRPCError && (error.code === "NOT_FOUND" || error.code === "BAD_REQUEST")) notFound();
    if (error instanceof TRPCError && error.code === "FORBIDDEN") forbidden();
    throw error;
  }
}
