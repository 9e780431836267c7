/** Service URLs: a tenant's own host, else its path on the nearest host above; nothing of others; and the path read back. */
import { describe, expect, it } from "vitest";
import { addHost } from "#server/domain/branding/hosts.ts";
import { servicePath, servicePathOf } from "#server/domain/branding/service-path.ts";
import { serviceUrl } from "#server/domain/branding/service-url.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const freshHost = () => `h${newId().slice(-12)}.localhost`;

describe("service URL", () => {
  it("is the tenant's path on the nearest host above, and its own host alone once it has one", async () => {
    const { company, partner, subaccount } = await makeTree(db);
    const ctx = contextFor(db, company.id);
    const plain = await serviceUrl(ctx, { tenantId: subaccount.id });
    expect(plain.url).toMatch(new RegExp(`^https?://[^/]+/t/${subaccount.id}$`));
    const [above, own] = [freshHost(), freshHost()];
    await addHost(ctx, { tenantId: partner.id, host: above });
    expect(new URL((await serviceUrl(contextFor(db, subaccount.id), {})).url)).toMatchObject({
      hostname: above,
      pathname: `/t/${subaccount.id}`,
    });
    await addHost(ctx, { tenantId: subaccount.id, host: own });
    const { url } = await serviceUrl(ctx, { tenantId: subaccount.id });
    expect([new URL(url).hostname, url.endsWith("/"), url.includes("/t/")]).toEqual([own, false, false]);
  });

  it("is told to those who may read keys, of tenants in their scope", async () => {
    const { partner, sibling, company } = await makeTree(db);
    const ctx = contextFor(db, partner.id);
    for (const tenantId of [sibling.id, company.id]) {
      await expect(serviceUrl(ctx, { tenantId })).rejects.toMatchObject({ code: "tenant_not_found" });
    }
    await expect(serviceUrl(contextFor(db, partner.id, "viewer"), {})).rejects.toMatchObject({ code: "forbidden" });
  });

  it("is read back from a request's address", () => {
    const id = newId();
    expect(servicePath(`${servicePathOf(id)}/api/send?to=1`)).toEqual({ tenantId: id, rest: "/api/send?to=1" });
    expect(servicePath(`${servicePathOf(id.toUpperCase())}/api/v1/messages/7`)?.tenantId).toBe(id);
    for (const other of [
      `/t/${id}`,
      `/t/${id}/console`,
      `/t/${id}/api/trpc/x`,
      `/t/${id}/api/sender`,
      "/t/x/api/send",
    ]) {
      expect(servicePath(other)).toBeNull();
    }
  });
});
