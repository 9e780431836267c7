/** Is the web process up (live), and does its database answer (ready)? */
import { webDatabase } from "#server/auth/database.ts";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const ready = await webDatabase().sql`select 1`.then(() => true).catch(() => false);
  return Response.json({ live: true, ready }, { status: ready ? 200 : 503 });
}
