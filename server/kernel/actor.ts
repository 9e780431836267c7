/** Who acts: a tagged union, so that console, HTTP, SMPP and jobs share one path. */
import type { Permission, Role } from "#server/kernel/permissions.ts";

export type Actor =
  | { type: "user"; id: string; name: string; role: Role }
  | { type: "apiKey"; id: string; name: string; scopes: readonly Permission[] }
  | { type: "bind"; id: string; name: string }
  /** A workflow or worker of ours: may do anything inside ctx.tenantId's subtree. */
  | { type: "job"; id: string; name: string };
