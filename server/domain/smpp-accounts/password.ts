/** Passwords of SMPP accounts: made here, at most eight octets by the protocol, and therefore behind a slow hash. */
import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

/** SMPP 3.4 section 5.2.2: nine octets with the terminating zero. */
const length = 8;
/** Without 0 O 1 l I: people read them to each other. Eight of these are 46 bits. */
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const makePassword = (): string => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");

export const hashBindPassword = (password: string): Promise<string> => hash(password, cost);
export const verifyBindPassword = (passwordHash: string, password: string): Promise<boolean> =>
  verify(passwordHash, password);
