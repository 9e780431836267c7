/** Imported before everything else: load is set up by verbs in this process, with the installation's own settings. */
import { randomBytes } from "node:crypto";

process.env.ENCRYPTION_KEY ??= randomBytes(32).toString("base64");
process.env.OUTBOUND_PRIVATE = "127.0.0.1";

/** For the installation that is started. */
export const loadSettings = {
  ENCRYPTION_KEY: process.env.ENCRYPTION_KEY,
  OUTBOUND_PRIVATE: process.env.OUTBOUND_PRIVATE,
};
