/** Settings that every test process needs before env.ts is read. */
import { randomBytes } from "node:crypto";

process.env.LOG_LEVEL ??= "silent";
process.env.ENCRYPTION_KEY ??= randomBytes(32).toString("base64");
process.env.AUTH_SECRET ??= randomBytes(32).toString("base64");
// Carriers of the tests listen on loopback.
process.env.OUTBOUND_PRIVATE ??= "127.0.0.0/8";
// Vite puts its own BASE_URL ("/") into every test process; ours is the public address.
if (process.env.BASE_URL === "/") delete process.env.BASE_URL;
