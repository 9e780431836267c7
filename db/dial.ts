/** Opens a driver's pool at a database's address: over TCP, or through a socket of this machine. */
import postgres from "postgres";

type Types = Record<string, unknown>;
type Options<T extends Types> = postgres.Options<{ [name in keyof T]: postgres.PostgresType<T[name]> }>;

/**
 * A socket is written as libpq does, `?host=/folder`, which the driver does not know. It costs both sides about half of
 * what loopback TCP does.
 */
export function dial<T extends Types = Record<never, never>>(
  databaseUrl: string,
  options: Options<T>,
): postgres.Sql<T> {
  const { url, path } = addressOf(databaseUrl);
  return postgres(url, path ? { ...options, path } : options) as unknown as postgres.Sql<T>;
}

function addressOf(databaseUrl: string): { url: string; path?: string } {
  const url = new URL(databaseUrl);
  const folder = url.searchParams.get("host");
  if (!folder?.startsWith("/")) return { url: databaseUrl };
  url.searchParams.delete("host");
  return { url: url.toString(), path: `${folder}/.s.PGSQL.${url.port || "5432"}` };
}
