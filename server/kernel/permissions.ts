/** The permission table: which role may do what. Verbs call allow() (kernel/allow.ts) first; edges never decide. */
export type Role = "owner" | "manager" | "sender" | "moderator" | "finance" | "support" | "viewer";

const all: Role[] = ["owner", "manager", "sender", "moderator", "finance", "support", "viewer"];
const lead: Role[] = ["owner", "manager"];

const table = {
  "tenants.read": all,
  "tenants.write": lead,
  "tenants.suspend": lead,
  "contracts.write": ["owner", "manager", "finance"],
  "users.read": ["owner", "manager", "support"],
  "users.write": ["owner", "manager"],
  "audit.read": ["owner", "manager", "support", "finance"],
  "branding.write": lead,
  "emails.read": ["owner", "manager", "support"],
  "keys.read": ["owner", "manager", "support"],
  "keys.write": ["owner", "manager"],
  "webhooks.read": ["owner", "manager", "support"],
  "webhooks.write": lead,
  "senders.read": all,
  "senders.register": ["owner", "manager", "sender"],
  "senders.decide": ["owner", "manager", "moderator"],
  "moderation.read": ["owner", "manager", "moderator", "support"],
  "moderation.decide": ["owner", "manager", "moderator"],
  "moderation.write": ["owner", "manager", "moderator"],
  "contacts.read": ["owner", "manager", "sender", "support", "viewer"],
  "contacts.write": ["owner", "manager", "sender"],
  "campaigns.read": all,
  "campaigns.write": ["owner", "manager", "sender"],
  "messages.send": ["owner", "manager", "sender"],
  "messages.read": all,
  "prices.read": ["owner", "manager", "finance", "support", "viewer"],
  "prices.write": ["owner", "manager", "finance"],
  "orders.read": all,
  "orders.write": ["owner", "manager", "finance"],
  "ledger.read": ["owner", "manager", "finance"],
  "reports.read": all,
  "retention.read": ["owner", "manager", "support"],
  "retention.write": lead,
  "routing.read": ["owner", "manager", "support"],
  "routing.write": lead,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof table;
export const permissions = Object.keys(table) as Permission[];
/** What an API key may be given. */
export const keyScopes = [
  "messages.send",
  "messages.read",
  "orders.read",
  "reports.read",
  "senders.read",
  "campaigns.read",
  "contacts.write",
  "webhooks.read",
  "webhooks.write",
] as const satisfies readonly Permission[];

/** With one of these, a program sees the account's own prices and balances: their answers have always named them. */
export const moneyScopes = ["messages.send", "messages.read", "orders.read"] as const satisfies readonly Permission[];

export const roleMay = (role: Role, permission: Permission): boolean =>
  (table[permission] as readonly Role[]).includes(role);
