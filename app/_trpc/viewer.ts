/** The signed-in person and their tenant, once a request: what the shell, the dates and the permissions of pages need. */
import "server-only";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import { api } from "#app/_trpc/server.ts";
import { getContext } from "#server/auth/context.ts";
import { getOwnAccount } from "#server/domain/identity/own-account.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { may, seesMoney } from "#server/kernel/allow.ts";
import { type Permission, permissions, type Role } from "#server/kernel/permissions.ts";

export type Viewer = {
  user: { id: string; name: string; role: Role; email: string; locale: string | null };
  tenant: Tenant;
  /** Everything this person may do: pass it to islands; server components ask `may()`. */
  permissions: Permission[];
  may(permission: Permission): boolean;
  /** Pages leave out what would be empty: the verbs' answers carry no money to those who may not see it. */
  seesMoney: boolean;
};

export const currentViewer = cache(async (): Promise<Viewer | null> => {
  const context = await getContext();
  if (context?.actor.type !== "user") return null;
  const { id, name, role } = context.actor;
  const [tenant, account] = await Promise.all([
    api().then((caller) => caller.tenants.get({ id: context.tenantId })),
    getOwnAccount(context),
  ]);
  return {
    user: { id, name, role, email: account.email, locale: account.locale },
    tenant,
    permissions: permissions.filter((permission) => may(context, permission)),
    may: (permission) => may(context, permission),
    seesMoney: seesMoney(context),
  };
});

/** For console pages: the viewer, or off to the sign-in page. */
export async function requireViewer(): Promise<Viewer> {
  return (await currentViewer()) ?? redirect("/sign-in");
}

/** For a page that a role may not see at all; the verbs behind it check again. */
export async function requirePermission(permission: Permission): Promise<Viewer> {
  const viewer = await requireViewer();
  if (!viewer.may(permission)) forbidden();
  return viewer;
}
