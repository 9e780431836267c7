/** The pages before sign-in are there on the hosts that this installation answers on, and on no other. */
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { hostOf } from "#server/auth/host.ts";
import { answersOn } from "#server/auth/known-host.ts";

/** Before anything is shown: elsewhere not even the product's name. */
export async function onKnownHostOnly(): Promise<void> {
  if (!(await answersOn(hostOf(await headers())))) notFound();
}
