/** The demo's people and companies, as data: an aggregator, two regions in two currencies, five partners, eight sub-accounts. */

export type DemoTenant = {
  /** Stands in e-mail addresses and host names. */
  slug: string;
  name: string;
  kind: "company" | "partner" | "subaccount";
  parent: string;
  currency: "VND" | "EUR";
  country: "VN" | "DE" | "ES";
  timeZone: string;
  locale: "en" | "vi";
  brand?: { productName: string; primaryColor: string; accentColor: string };
  /** Registered and approved by everybody above. */
  senders?: string[];
  /** Registered and still waiting above. */
  pendingSender?: string;
  moderation?: "off" | "filters" | "always";
};

const vietnam = { currency: "VND", country: "VN", timeZone: "Asia/Ho_Chi_Minh", locale: "vi" } as const;
const germany = { currency: "EUR", country: "DE", timeZone: "Europe/Berlin", locale: "en" } as const;
const spain = { currency: "EUR", country: "ES", timeZone: "Europe/Madrid", locale: "en" } as const;

export const demoRoot = {
  slug: "meridian",
  name: "Meridian Messaging",
  currency: "EUR",
  country: "DE",
  timeZone: "Europe/Berlin",
  brand: { productName: "Meridian", primaryColor: "#1f4f8f", accentColor: "#0f766e" },
} as const;

/** Parents before children. */
export const demoTenants: readonly DemoTenant[] = [
  {
    slug: "songhong",
    name: "Sông Hồng Telecom",
    kind: "company",
    parent: "meridian",
    ...vietnam,
    moderation: "filters",
    brand: { productName: "Sông Hồng SMS", primaryColor: "#b42318", accentColor: "#b45309" },
  },
  {
    slug: "nordwind",
    name: "Nordwind Connect",
    kind: "company",
    parent: "meridian",
    ...germany,
    brand: { productName: "Nordwind Connect", primaryColor: "#0e6b66", accentColor: "#1d4ed8" },
  },
  {
    slug: "hanoidigital",
    name: "Hà Nội Digital",
    kind: "partner",
    parent: "songhong",
    ...vietnam,
    brand: { productName: "HND Nhắn tin", primaryColor: "#5b21b6", accentColor: "#be185d" },
  },
  { slug: "saigonmedia", name: "Sài Gòn Media", kind: "partner", parent: "songhong", ...vietnam, moderation: "always" },
  { slug: "mekongretail", name: "Mekong Retail Services", kind: "partner", parent: "songhong", ...vietnam },
  { slug: "alpenfunk", name: "Alpenfunk", kind: "partner", parent: "nordwind", ...germany },
  { slug: "iberia", name: "Iberia Mensajes", kind: "partner", parent: "nordwind", ...spain },
  {
    slug: "phothin",
    name: "Phở Thìn 1979",
    kind: "subaccount",
    parent: "hanoidigital",
    ...vietnam,
    senders: ["PHOTHIN", "PHO1979"],
    pendingSender: "PHOVIP",
  },
  {
    slug: "binhminh",
    name: "Ngân hàng Bình Minh",
    kind: "subaccount",
    parent: "hanoidigital",
    ...vietnam,
    senders: ["BINHMINHBK"],
  },
  {
    slug: "choxanh",
    name: "Chợ Xanh Online",
    kind: "subaccount",
    parent: "saigonmedia",
    ...vietnam,
    senders: ["CHOXANH"],
  },
  {
    slug: "vietduc",
    name: "Trường Việt Đức",
    kind: "subaccount",
    parent: "saigonmedia",
    ...vietnam,
    senders: ["VIETDUC"],
  },
  {
    slug: "anhduong",
    name: "Điện máy Ánh Dương",
    kind: "subaccount",
    parent: "mekongretail",
    ...vietnam,
    senders: ["ANHDUONG"],
  },
  {
    slug: "apotheke",
    name: "Apotheke am Markt",
    kind: "subaccount",
    parent: "alpenfunk",
    ...germany,
    senders: ["APOTHEKE"],
  },
  {
    slug: "bergbahn",
    name: "Bergbahn Tickets",
    kind: "subaccount",
    parent: "alpenfunk",
    ...germany,
    senders: ["BERGBAHN"],
  },
  { slug: "sevilla", name: "Café Sevilla", kind: "subaccount", parent: "iberia", ...spain, senders: ["SEVILLA"] },
];

/** What a child pays its parent for one part, in micro-units of the seller's currency, by the seller's place. */
export const demoPrices = {
  /** Aggregator to regions, EUR. */
  region: { VN: 12_500n, DE: 52_000n, ES: 38_500n },
  /** Vietnamese region to partners, and partners to sub-accounts, VND. */
  partnerVnd: 520_000_000n,
  subaccountVnd: 690_000_000n,
  /** European region to partners, and partners to sub-accounts, EUR. */
  partnerEur: { DE: 61_000n, ES: 45_000n },
  subaccountEur: { DE: 75_000n, ES: 58_000n },
} as const;
