/** The root address leads to the console, or to the sign-in page. */
import { redirect } from "next/navigation";
import { getActor } from "#server/auth/context.ts";

export default async function RootPage() {
  redirect((await getActor()) ? "/console" : "/sign-in");
}
