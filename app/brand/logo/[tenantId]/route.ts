/** A tenant's logo: public, because sign-in pages show it. The address carries a version, so it is cached for ever. */
import { base } from "#server/auth/database.ts";
import { readLogo } from "#server/domain/branding/read-logo.ts";

export async function GET(_request: Request, route: { params: Promise<{ tenantId: string }> }): Promise<Response> {
  const { tenantId } = await route.params;
  const logo = await readLogo(base(), { tenantId });
  if (!logo) return new Response(null, { status: 404 });
  return new Response(new Uint8Array(logo.png), {
    headers: {
      "content-type": "image/png",
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'",
      "x-content-type-options": "nosniff",
    },
  });
}
