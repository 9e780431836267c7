/** What callers may send to the identity room. */
import { z } from "zod";
import { newPassword } from "#server/domain/identity/password-rule.ts";
import { locale } from "#server/domain/tenants/input.ts";
import { ipRange } from "#server/kernel/ip-range.ts";
import { coercedMoment } from "#server/kernel/moment.ts";
import { keyScopes } from "#server/kernel/permissions.ts";

export const role = z.enum(["owner", "manager", "sender", "moderator", "finance", "support", "viewer"]);
const email = z.email().max(254);
const personName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, "Use visible characters only.");
const token = z.string().min(20).max(100);

export const inviteUser = z.strictObject({
  id: z.uuid(),
  /** The actor's own tenant when left out. */
  tenantId: z.uuid().optional(),
  email,
  role,
  locale: locale.optional(),
});
export type InviteUser = z.input<typeof inviteUser>;

export const userId = z.strictObject({ id: z.uuid() });
export type UserId = z.input<typeof userId>;

export const updateUser = z.strictObject({ id: z.uuid(), role: role.optional(), name: personName.optional() });
export type UpdateUser = z.input<typeof updateUser>;

export const updateProfile = z.strictObject({ name: personName.optional(), locale: locale.nullable().optional() });
export type UpdateProfile = z.input<typeof updateProfile>;

export const listUsers = z.strictObject({
  /** The actor's own tenant when left out. */
  tenantId: z.uuid().optional(),
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListUsers = z.input<typeof listUsers>;

export const acceptInvitation = z.strictObject({ token, name: personName, password: newPassword });
export type AcceptInvitation = z.input<typeof acceptInvitation>;

export const requestPasswordReset = z.strictObject({ email: z.string().trim().min(3).max(254) });
export type RequestPasswordReset = z.input<typeof requestPasswordReset>;

export const resetPassword = z.strictObject({ token, password: newPassword });
export type ResetPassword = z.input<typeof resetPassword>;

export const changePassword = z.strictObject({ currentPassword: z.string().min(1).max(200), newPassword });
export type ChangePassword = z.input<typeof changePassword>;

export const createOwner = z.strictObject({
  id: z.uuid().optional(),
  tenantId: z.uuid(),
  email,
  name: personName,
  password: newPassword,
  role: role.default("owner"),
  locale: locale.optional(),
});
export type CreateOwner = z.input<typeof createOwner>;

export const createKey = z.strictObject({
  id: z.uuid(),
  tenantId: z.uuid().optional(),
  name: personName,
  scopes: z.array(z.enum(keyScopes)).min(1, "Choose at least one scope."),
  /** Addresses or CIDR ranges; empty = any address. */
  allowedIps: z.array(ipRange).max(50).default([]),
  expiresAt: coercedMoment.optional(),
});
export type CreateKey = z.input<typeof createKey>;

export const rollKey = z.strictObject({
  id: z.uuid(),
  /** Id of the new key. */
  newKeyId: z.uuid(),
  /** How long the old key still works. */
  overlapHours: z.number().int().min(0).max(168).default(24),
});
export type RollKey = z.input<typeof rollKey>;

export const keyId = z.strictObject({ id: z.uuid() });
export type KeyId = z.input<typeof keyId>;

export const listKeys = z.strictObject({ tenantId: z.uuid().optional() });
export type ListKeys = z.input<typeof listKeys>;
