/** Stores a logo: whatever came in is decoded and drawn again as a small PNG, so that no script or metadata survives. */
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import sharp from "sharp";
import { brands } from "#db/schema/branding.ts";
import { type BrandSettings, brandSettings } from "#server/domain/branding/get-brand.ts";
import {
  maxLogoBytes,
  type RemoveLogo,
  removeLogo as removeSchema,
  uploadLogo as schema,
  type UploadLogo,
} from "#server/domain/branding/input.ts";
import { neutralBrand } from "#server/domain/branding/resolve.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

const accepted = ["png", "jpeg", "webp", "svg"];
/** Longest side of what is stored, in pixels. */
const maxSide = 512;
/** A small file may unfold to a huge picture. */
const maxPixels = 24_000_000;

/**
 * A tenant without a brand gets one in the neutral colours.
 * @throws invalid_input `logo_too_large` · `logo_not_readable`
 */
export async function uploadLogo(ctx: Context, input: UploadLogo): Promise<BrandSettings> {
  allow(ctx, "branding.write");
  const { tenantId, imageBase64 } = parse(schema, input);
  const bytes = Buffer.from(imageBase64, "base64");
  if (bytes.length > maxLogoBytes) throw invalidInput("logo_too_large", "The file may have at most 1 MB.");
  const logoPng = await drawAgain(bytes);
  const logoVersion = createHash("sha256").update(logoPng).digest("hex").slice(0, 16);
  return inTransaction(ctx, async (ctx) => {
    const tenant = await tenantInScope(ctx, tenantId);
    const { primaryColor, accentColor } = neutralBrand;
    const picture = { logoPng, logoVersion, updatedAt: ctx.clock.now() };
    await ctx.tx.db
      .insert(brands)
      .values({ tenantId, productName: tenant.name, primaryColor, accentColor, ...picture })
      .onConflictDoUpdate({ target: brands.tenantId, set: picture });
    await audit(ctx, {
      action: "branding.upload_logo",
      subjectType: "brand",
      subjectId: tenantId,
      tenantId,
      detail: { logoVersion },
    });
    return brandSettings(ctx, tenantId);
  });
}

export async function removeLogo(ctx: Context, input: RemoveLogo): Promise<BrandSettings> {
  allow(ctx, "branding.write");
  const { tenantId } = parse(removeSchema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    await ctx.tx.db
      .update(brands)
      .set({ logoPng: null, logoVersion: null, updatedAt: ctx.clock.now() })
      .where(eq(brands.tenantId, tenantId));
    await audit(ctx, { action: "branding.remove_logo", subjectType: "brand", subjectId: tenantId, tenantId });
    return brandSettings(ctx, tenantId);
  });
}

async function drawAgain(bytes: Buffer): Promise<Buffer> {
  try {
    // Entities are the one way in which an SVG grows or reads files before it is drawn.
    if (/<!(doctype|entity)/i.test(bytes.toString("latin1"))) throw new Error("document type");
    const image = sharp(bytes, { limitInputPixels: maxPixels, failOn: "error" });
    const { format } = await image.metadata();
    if (!format || !accepted.includes(format)) throw new Error("format");
    return await image
      .rotate()
      .resize(maxSide, maxSide, { fit: "inside", withoutEnlargement: true })
      .png({ compressionLevel: 9 })
      .timeout({ seconds: 10 })
      .toBuffer();
  } catch {
    throw invalidInput("logo_not_readable", "Use a PNG, JPEG, WebP or SVG picture without a document type.");
  }
}
