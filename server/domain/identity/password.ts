/** Passwords: argon2id with the cost that OWASP recommends, and a dummy to verify when there is nobody to verify. */
import { hash, verify } from "@node-rs/argon2";

/** OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane; argon2id is the library's default algorithm. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

export const verifyPassword = (passwordHash: string, password: string): Promise<boolean> =>
  verify(passwordHash, password);

let dummy: Promise<string> | undefined;

/** Spends the same time as a real check, so that an unknown address cannot be told from a wrong password. */
export async function verifyNobody(password: string): Promise<void> {
  dummy ??= hashPassword("nobody has this password");
  await verifyPassword(await dummy, password);
}
