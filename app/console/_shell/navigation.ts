/** The console's map: what stands in the menu, who sees it, and the key after "g" that leads there. */
import type { Permission } from "#server/kernel/permissions.ts";

export type NavigationItem = {
  key: string;
  href: string;
  permission: Permission;
  shortcut?: string;
  /** As of the group, where it holds for one item. */
  kinds?: readonly string[];
};
export type NavigationGroup = {
  key: string;
  items: NavigationItem[];
  /** Only for these kinds of tenant: partners and sub-accounts run no carrier connections. */
  kinds?: readonly string[];
};

export const navigation: NavigationGroup[] = [
  {
    key: "overview",
    items: [{ key: "dashboard", href: "/console", permission: "reports.read", shortcut: "d" }],
  },
  {
    key: "send",
    items: [
      { key: "campaigns", href: "/console/campaigns", permission: "campaigns.read", shortcut: "c" },
      { key: "recipients", href: "/console/recipients", permission: "contacts.read", shortcut: "l" },
      { key: "senders", href: "/console/senders", permission: "senders.read", shortcut: "s" },
    ],
  },
  {
    key: "traffic",
    items: [
      { key: "messages", href: "/console/messages", permission: "messages.read", shortcut: "m" },
      { key: "why", href: "/console/why", permission: "messages.read", shortcut: "y" },
      { key: "queue", href: "/console/queue", permission: "messages.read", shortcut: "h" },
      { key: "moderation", href: "/console/moderation", permission: "moderation.read", shortcut: "q" },
    ],
  },
  {
    key: "business",
    items: [
      { key: "tenants", href: "/console/tenants", permission: "tenants.read", shortcut: "t" },
      { key: "orders", href: "/console/orders", permission: "orders.read", shortcut: "o" },
      { key: "priceLists", href: "/console/price-lists", permission: "prices.read", shortcut: "p" },
      { key: "reports", href: "/console/reports", permission: "reports.read", shortcut: "r" },
      { key: "ledger", href: "/console/ledger", permission: "ledger.read", shortcut: "b" },
    ],
  },
  {
    key: "platform",
    kinds: ["aggregator", "company"],
    items: [
      { key: "connectors", href: "/console/connectors", permission: "routing.read", shortcut: "n" },
      { key: "routes", href: "/console/routes", permission: "routing.read" },
    ],
  },
  {
    key: "settings",
    items: [
      { key: "brand", href: "/console/brand", permission: "branding.write" },
      { key: "users", href: "/console/users", permission: "users.read", shortcut: "u" },
      { key: "apiKeys", href: "/console/api-keys", permission: "keys.read", shortcut: "k" },
      { key: "smppAccounts", href: "/console/smpp-accounts", permission: "keys.read" },
      { key: "webhooks", href: "/console/webhooks", permission: "webhooks.read", shortcut: "w" },
      { key: "emails", href: "/console/emails", permission: "emails.read" },
      { key: "retention", href: "/console/retention", permission: "retention.read", kinds: ["aggregator"] },
      { key: "auditLog", href: "/console/audit-log", permission: "audit.read", shortcut: "a" },
    ],
  },
];

/** The part of the map that these permissions open for this kind of tenant; groups without items fall away. */
export function visibleNavigation(granted: readonly Permission[], kind: string): NavigationGroup[] {
  return navigation
    .filter((group) => !group.kinds || group.kinds.includes(kind))
    .map((group) => ({
      ...group,
      items: group.items.filter(
        (item) => granted.includes(item.permission) && (!item.kinds || item.kinds.includes(kind)),
      ),
    }))
    .filter((group) => group.items.length > 0);
}

/** The item whose page this path belongs to. */
export function itemAt(path: string): NavigationItem | undefined {
  return navigation
    .flatMap((group) => group.items)
    .filter((item) => path === item.href || (item.href !== "/console" && path.startsWith(`${item.href}/`)))
    .at(-1);
}
