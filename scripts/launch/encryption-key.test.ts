/** A start with a key that is not the one of the secrets says so at once, and changes nothing. */
import { randomBytes } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import { env, readEnv } from "#env.ts";
import { checkEncryptionKey } from "#scripts/launch/encryption-key.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const usual = env.ENCRYPTION_KEY;
const otherKey = () => randomBytes(32).toString("base64");
afterEach(async () => {
  env.ENCRYPTION_KEY = usual;
  await db.sql`delete from key_checks`;
});

it("takes the key that it was started with before, and no other", async () => {
  env.ENCRYPTION_KEY = otherKey();
  const first = env.ENCRYPTION_KEY;
  await checkEncryptionKey(db);
  await checkEncryptionKey(db);
  env.ENCRYPTION_KEY = otherKey();
  await expect(checkEncryptionKey(db)).rejects.toThrow(/^ENCRYPTION_KEY is not the key .* Start with the former key/);
  env.ENCRYPTION_KEY = first;
  await checkEncryptionKey(db);
});

it("asks a carrier's password where there is no text to open yet", async () => {
  const tree = await makeTree(db);
  env.ENCRYPTION_KEY = otherKey();
  await createConnector(contextFor(db, tree.aggregator.id), {
    id: newId(),
    name: "Carrier",
    host: "8.8.8.8",
    port: 2775,
    systemId: "a",
    password: "b",
  });
  env.ENCRYPTION_KEY = otherKey();
  await expect(checkEncryptionKey(db)).rejects.toThrow("ENCRYPTION_KEY is not the key");
});

it("names a trusted proxy that is none", () => {
  const read = (TRUSTED_PROXIES: string) => () => readEnv({ NODE_ENV: "test", TRUSTED_PROXIES });
  for (const wrong of ["10.0.0.0/33", "proxy.example", "10.0.0.1, x", "10.0.0.0/8/8"]) {
    expect(read(wrong)).toThrow(/^Settings are wrong: TRUSTED_PROXIES: must be addresses or CIDR ranges/);
  }
  expect(read("10.0.0.0/8, ::1,192.0.2.7")().TRUSTED_PROXIES).toEqual(["10.0.0.0/8", "::1", "192.0.2.7"]);
});
