/** Brands: resolving by host and tenant, colours that can be read, logos that carry nothing but pixels, hosts with one owner. */
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { consoleLink } from "#server/domain/branding/console-link.ts";
import { getBrand } from "#server/domain/branding/get-brand.ts";
import { addHost, removeHost } from "#server/domain/branding/hosts.ts";
import { readLogo } from "#server/domain/branding/read-logo.ts";
import { neutralBrand, resolveBrand } from "#server/domain/branding/resolve.ts";
import { updateBrand } from "#server/domain/branding/update-brand.ts";
import { removeLogo, uploadLogo } from "#server/domain/branding/upload-logo.ts";
import { inTransaction } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const base = { db };
const look = { primaryColor: "#1D4ED8", accentColor: "#be123c" };
const freshHost = (suffix = "localhost") => `h${newId().slice(-12)}.${suffix}`;

describe("resolving", () => {
  it("takes the host first, then the nearest brand at or above the tenant, then the neutral one", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.aggregator.id);
    expect(await resolveBrand(base, { tenantId: tree.subaccount.id })).toEqual(neutralBrand);
    await updateBrand(ctx, { tenantId: tree.company.id, productName: "Sao Mai SMS", ...look });
    await updateBrand(ctx, { tenantId: tree.partner.id, productName: "Partner SMS", ...look });
    const host = freshHost();
    await addHost(ctx, { tenantId: tree.company.id, host });
    expect((await resolveBrand(base, { tenantId: tree.subaccount.id })).productName).toBe("Partner SMS");
    expect((await resolveBrand(base, { tenantId: tree.sibling.id })).productName).toBe("Sao Mai SMS");
    expect(await resolveBrand(base, { host: `${host.toUpperCase()}:3000`, tenantId: tree.subaccount.id })).toEqual({
      tenantId: tree.company.id,
      productName: "Sao Mai SMS",
      primaryColor: "#1d4ed8",
      accentColor: "#be123c",
      onPrimaryColor: "#ffffff",
      logoVersion: null,
      supportEmail: null,
      emailFromName: null,
      locale: "en",
    });
    expect((await resolveBrand(base, { host: "unknown.example" })).tenantId).toBeNull();
    expect((await resolveBrand(base, {})).productName).toBe("Banyan");
  });

  it("links to the nearest host, never to one that is not verified", async () => {
    const tree = await makeTree(db);
    const host = freshHost("example.com");
    await addHost(contextFor(db, tree.aggregator.id), { tenantId: tree.company.id, host });
    await addHost(contextFor(db, tree.partner.id), { tenantId: tree.partner.id, host: freshHost("example.net") });
    const link = await inTransaction(contextFor(db, tree.partner.id), async (ctx) => {
      const found = await consoleLink(ctx, tree.subaccount.id, "/console");
      const visible = await ctx.tx.sql`select id from tenants`;
      expect(visible).toHaveLength(2);
      return found;
    });
    expect(new URL(link).hostname).toBe(host);
  });
});

describe("settings", () => {
  it("takes colours on which text can be read, whatever order it is asked in", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.partner.id);
    const input = { tenantId: tree.partner.id, productName: "Partner", ...look };
    await updateBrand(ctx, input);
    const again = await updateBrand(ctx, { ...input, supportEmail: "help@example.com" });
    expect(again.own).toMatchObject({ productName: "Partner", supportEmail: "help@example.com" });
    await expect(updateBrand(ctx, { ...input, primaryColor: "red" })).rejects.toMatchObject({ kind: "invalid_input" });
    await expect(updateBrand(ctx, { ...input, primaryColor: "#12345g" })).rejects.toMatchObject({
      detail: { field: "primaryColor" },
    });
    await expect(updateBrand(ctx, { ...input, productName: "a\r\nBcc: x@example.com" })).rejects.toMatchObject({
      detail: { field: "productName" },
    });
  });

  it("is refused to other roles and to other tenants, and does not name what is above", async () => {
    const tree = await makeTree(db);
    await updateBrand(contextFor(db, tree.company.id), { tenantId: tree.company.id, productName: "Up", ...look });
    const seen = await getBrand(contextFor(db, tree.partner.id), { tenantId: tree.partner.id });
    expect(seen).toMatchObject({ own: null, shown: { productName: "Up", tenantId: null } });
    await expect(
      updateBrand(contextFor(db, tree.partner.id, "sender"), { tenantId: tree.partner.id, productName: "No", ...look }),
    ).rejects.toMatchObject({ kind: "forbidden" });
    for (const other of [tree.company, tree.sibling, tree.stranger]) {
      const ctx = contextFor(db, tree.partner.id);
      const input = { tenantId: other.id };
      await expect(getBrand(ctx, input)).rejects.toMatchObject({ code: "tenant_not_found" });
      await expect(updateBrand(ctx, { ...input, productName: "No", ...look })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      await expect(addHost(ctx, { ...input, host: freshHost() })).rejects.toMatchObject({ code: "tenant_not_found" });
      await expect(removeHost(ctx, { ...input, host: freshHost() })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      await expect(removeLogo(ctx, input)).rejects.toMatchObject({ code: "tenant_not_found" });
      await expect(uploadLogo(ctx, { ...input, imageBase64: await pngBase64(8, 8) })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
    }
  });
});

const pngBase64 = async (width: number, height: number) =>
  (
    await sharp({ create: { width, height, channels: 3, background: "#ff0000" } })
      .png()
      .toBuffer()
  ).toString("base64");

describe("logos", () => {
  it("draws every picture again as a PNG of at most 512 pixels", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.partner.id);
    const tenantId = tree.partner.id;
    const pixels = sharp({ create: { width: 1200, height: 300, channels: 4, background: "#00ff00" } });
    for (const bytes of [
      await pixels.png().toBuffer(),
      await pixels.jpeg().toBuffer(),
      await pixels.webp().toBuffer(),
    ]) {
      const { own } = await uploadLogo(ctx, { tenantId, imageBase64: bytes.toString("base64") });
      const logo = await readLogo(base, { tenantId: tree.subaccount.id });
      expect(logo?.version).toBe(own?.logoVersion);
      expect(await sharp(logo?.png).metadata()).toMatchObject({ format: "png", width: 512, height: 128 });
    }
    await removeLogo(ctx, { tenantId });
    await removeLogo(ctx, { tenantId });
    expect(await readLogo(base, { tenantId })).toBeNull();
    expect(await readLogo(base, { tenantId: "nonsense" })).toBeNull();
  });

  it("makes a hostile SVG harmless, and refuses what grows or is no picture", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.partner.id);
    const send = (text: string) =>
      uploadLogo(ctx, { tenantId: tree.partner.id, imageBase64: Buffer.from(text).toString("base64") });
    await send(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40" onload="alert(1)">
       <script>alert(1)</script><image xlink:href="file:///etc/passwd" width="9" height="9"/>
       <image href="http://127.0.0.1:1/x.png" width="9" height="9"/><rect width="40" height="40" fill="blue"/></svg>`,
    );
    const logo = await readLogo(base, { tenantId: tree.partner.id });
    expect(logo?.png.subarray(1, 4).toString()).toBe("PNG");
    expect(logo?.png.toString("latin1")).not.toMatch(/script|passwd|127\.0\.0\.1/);
    const refused = { code: "logo_not_readable" };
    await expect(
      send(`<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>`),
    ).rejects.toMatchObject(refused);
    await expect(send(`<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90000"/>`)).rejects.toMatchObject(
      refused,
    );
    await expect(send("GIF89a")).rejects.toMatchObject(refused);
    await expect(send("hello")).rejects.toMatchObject(refused);
    await expect(send("x".repeat(1_100_000))).rejects.toMatchObject({ kind: "invalid_input" });
  });
});

describe("hosts", () => {
  it("belong to one tenant; adding and removing again changes nothing", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    const host = freshHost("example.org");
    await addHost(ctx, { tenantId: tree.partner.id, host });
    const again = await addHost(ctx, { tenantId: tree.partner.id, host });
    expect(again.hosts).toEqual([{ host, isVerified: true }]);
    await expect(addHost(contextFor(db, tree.stranger.id), { tenantId: tree.stranger.id, host })).rejects.toMatchObject(
      { code: "host_taken" },
    );
    await removeHost(ctx, { tenantId: tree.partner.id, host });
    expect((await removeHost(ctx, { tenantId: tree.partner.id, host })).hosts).toEqual([]);
    await expect(addHost(ctx, { tenantId: tree.partner.id, host: "http://x.example/" })).rejects.toMatchObject({
      kind: "invalid_input",
    });
  });

  it("do not answer for a tenant that added one for itself, until one above does", async () => {
    const tree = await makeTree(db);
    const own = contextFor(db, tree.partner.id);
    const host = freshHost("example.org");
    await updateBrand(own, { tenantId: tree.partner.id, productName: "Partner", ...look });
    expect((await addHost(own, { tenantId: tree.partner.id, host })).hosts).toEqual([{ host, isVerified: false }]);
    expect((await resolveBrand(base, { host })).tenantId).toBeNull();
    await addHost(contextFor(db, tree.company.id), { tenantId: tree.partner.id, host });
    expect((await resolveBrand(base, { host })).tenantId).toBe(tree.partner.id);
  });
});
