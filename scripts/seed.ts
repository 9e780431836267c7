/** The demo of a first start. What it returns is written to .data/demo.json, for people and for tools. */
import { randomBytes } from "node:crypto";
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { connectCarrier } from "#scripts/demo/carrier.ts";
import { makeOrders } from "#scripts/demo/money.ts";
import { makePeople } from "#scripts/demo/people.ts";
import { registerSenders } from "#scripts/demo/senders.ts";
import { demoNumber, sendTraffic } from "#scripts/demo/traffic.ts";
import { demoRoot, demoTenants } from "#scripts/demo/tree.ts";
import { plantRoot } from "#scripts/plant-root.ts";
import { addHost } from "#server/domain/branding/hosts.ts";
import { updateBrand } from "#server/domain/branding/update-brand.ts";
import { createKey } from "#server/domain/identity/keys.ts";
import { setPolicy } from "#server/domain/moderation/policy.ts";
import { createAccount } from "#server/domain/smpp-accounts/create.ts";
import { createTenant } from "#server/domain/tenants/create.ts";
import type { Clock } from "#server/kernel/clock.ts";
import { newId } from "#server/kernel/id.ts";

export type SeedContext = {
  db: Database;
  clock: Clock;
  baseUrl: string;
  /** The built-in simulator; everything runs when the seed does, so that demo traffic goes through the engine. */
  simulator: { host: string; port: number; systemId: string; password: string };
  /** Where clients bind. */
  smpp: { host: string; port: number };
  /** A line of progress in the terminal. */
  say(text: string): void;
};

export type Demo = {
  baseUrl: string;
  users: { role: string; tenant: string; email: string; password: string }[];
  apiKeys: { tenant: string; key: string; sender: string; to: string }[];
  binds: {
    tenant: string;
    host: string;
    port: number;
    systemId: string;
    password: string;
    sender: string;
    to: string;
  }[];
  simulator: { host: string; port: number; systemId: string; password: string };
};

/** Runs once, on an empty database, after all processes are up. */
export async function seedDemo({ db, baseUrl, simulator, smpp, say }: SeedContext): Promise<Demo> {
  const password = randomBytes(9).toString("base64url");
  const email = `owner@${demoRoot.slug}.example`;
  const { slug, brand, ...wish } = demoRoot;
  const { tenant: root, owner } = await plantRoot(db, { ...wish, email });
  const ids = new Map<string, string>([[slug, root.id]]);
  await updateBrand(ownerOf(db, root.id), { tenantId: root.id, ...brand });
  for (const { slug, parent, name, kind, currency, country, timeZone, locale, brand, moderation } of demoTenants) {
    const id = newId();
    ids.set(slug, id);
    const ctx = ownerOf(db, root.id);
    await createTenant(ctx, { id, parentId: ids.get(parent) ?? "", kind, name, currency, country, timeZone, locale });
    if (brand) {
      await updateBrand(ctx, { tenantId: id, ...brand });
      await addHost(ctx, { tenantId: id, host: `${slug}.localhost` });
    }
    if (moderation) await setPolicy(ownerOf(db, id), { tenantId: id, mode: moderation });
  }
  const people = await makePeople(db, ids, password);
  say(`demo: ${ids.size} tenants, ${people.length + 1} people`);
  await connectCarrier(db, simulator, root.id);
  await makeOrders(db, ids);
  const senders = await registerSenders(db, ids);
  say("demo: price lists, orders and sender names");
  await sendTraffic(db, ids, senders);
  say("demo: lists and campaigns, on their way through the carrier");
  const users = [{ role: "owner", tenant: root.name, email: owner.email, password: owner.password }, ...people];
  return { baseUrl, users, apiKeys: await makeKeys(db, ids), binds: await makeBinds(db, ids, smpp), simulator };
}

/** Sub-accounts whose programs send: with a key, and over SMPP. */
const programs = [
  ["binhminh", "BINHMINHBK", "VN"],
  ["phothin", "PHOTHIN", "VN"],
  ["apotheke", "APOTHEKE", "DE"],
] as const;

async function makeBinds(db: Database, ids: Map<string, string>, place: SeedContext["smpp"]): Promise<Demo["binds"]> {
  const binds: Demo["binds"] = [];
  for (const [slug, sender, country] of programs) {
    const account = { id: newId(), name: "Demo", systemId: slug, maxBinds: 20 };
    const { systemId, password } = await createAccount(ownerOf(db, ids.get(slug) ?? ""), account);
    const tenant = demoTenants.find((t) => t.slug === slug)?.name ?? slug;
    if (password) binds.push({ tenant, ...place, systemId, password, sender, to: demoNumber(country, 100) });
  }
  return binds;
}

async function makeKeys(db: Database, ids: Map<string, string>): Promise<Demo["apiKeys"]> {
  const keys: Demo["apiKeys"] = [];
  for (const [slug, sender, country] of programs) {
    const { key } = await createKey(ownerOf(db, ids.get(slug) ?? ""), {
      id: newId(),
      name: "Demo",
      scopes: ["messages.send", "messages.read", "orders.read", "reports.read", "senders.read", "campaigns.read"],
    });
    const tenant = demoTenants.find((t) => t.slug === slug)?.name ?? slug;
    if (key) keys.push({ tenant, key, sender, to: demoNumber(country, 100) });
  }
  return keys;
}
