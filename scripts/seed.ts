/** The demo of a first start. What it returns is written to .data/demo.json, for people and for tools. */
import type { Database } from "#db/client.ts";
import { plantRoot } from "#scripts/plant-root.ts";
import type { Clock } from "#server/kernel/clock.ts";

export type SeedContext = {
  db: Database;
  clock: Clock;
  baseUrl: string;
  /** The built-in simulator; everything runs when the seed does, so that demo traffic goes through the engine. */
  simulator: { host: string; port: number; systemId: string; password: string };
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
export async function seedDemo({ db, baseUrl, simulator }: SeedContext): Promise<Demo> {
  const { tenant, owner } = await plantRoot(db, {
    name: "Banyan Aggregator",
    currency: "EUR",
    country: "VN",
    timeZone: "Asia/Ho_Chi_Minh",
    email: "owner@aggregator.example",
  });
  const users = [{ role: "owner", tenant: tenant.name, email: owner.email, password: owner.password }];
  return { baseUrl, users, apiKeys: [], binds: [], simulator };
}
