/** The path under which a tenant's API answers on any host of the installation. Pure: the gateway and the console share it. */

/** What the API answers below it. */
const doors =
  /^\/t\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(\/api\/(?:v1|send|xml)(?:[/?].*)?)$/i;

export const servicePathOf = (tenantId: string): string => `/t/${tenantId}`;

/** @param target path and query of a request @returns null for what is no tenant's address of the API */
export function servicePath(target: string): { tenantId: string; rest: string } | null {
  const [, tenantId, rest] = doors.exec(target) ?? [];
  return tenantId && rest ? { tenantId: tenantId.toLowerCase(), rest } : null;
}
