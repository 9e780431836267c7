/** Service addresses: a tenant's own host names, and `/t/<its id>/api/…` on any host. Another tenant's key is refused there. */
import type { IncomingMessage } from "node:http";
import { brandHost } from "#server/domain/branding/host.ts";
import { servicePath } from "#server/domain/branding/service-path.ts";
import type { Context } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { clientOf, type TrustedProxies } from "#workers/gateway/client.ts";

type Base = Pick<Context, "db" | "clock">;
type Known<T> = { value: T; untilMs: number };

/** A host that was added or taken away counts within this. */
const rememberMs = 5_000;
const maxRemembered = 5_000;
/** Whose path the request came over. */
const tenants = new WeakMap<IncomingMessage, string>();

/** `/t/<id>/api/v1/…` becomes `/api/v1/…`, and whose address it was is remembered. */
export function takeServicePath(request: IncomingMessage): void {
  const found = servicePath(request.url ?? "");
  if (!found) return;
  tenants.set(request, found.tenantId);
  request.url = found.rest;
}

export class ServiceAddresses {
  private readonly owners = new Map<string, Known<string | null>>();
  private readonly paths = new Map<string, Known<readonly string[]>>();

  constructor(
    private readonly base: Base,
    private readonly trusted: TrustedProxies,
  ) {}

  /**
   * Lets keys of the address' tenant pass, and of those below it. Call it when the key is known: strangers would fill the
   * memory with hosts. Nobody waits where both are remembered.
   * @throws forbidden `wrong_service_url`, whether or not there is such a tenant
   */
  admit(ctx: Context, request: IncomingMessage): Promise<void> | void {
    const byPath = tenants.get(request) ?? null;
    const byHost = this.ownerOf(clientOf(request, this.trusted).host);
    if (byHost instanceof Promise) return byHost.then((owner) => this.compare(ctx, byPath, owner));
    return this.compare(ctx, byPath, byHost);
  }

  private compare(ctx: Context, byPath: string | null, byHost: string | null): Promise<void> | void {
    if (!byPath && !byHost) return;
    const check = (above: readonly string[]) => {
      if ((!byPath || above.includes(byPath)) && (!byHost || above.includes(byHost))) return;
      throw new DomainError(
        "forbidden",
        "wrong_service_url",
        "This API key belongs to another service URL: use the one that the console shows beside your keys.",
      );
    };
    const above = this.pathOf(ctx.tenantId);
    return above instanceof Promise ? above.then(check) : check(above);
  }

  private ownerOf(host: string): Promise<string | null> | string | null {
    return this.recall(this.owners, host, async () => (await brandHost(this.base, host))?.tenantId ?? null);
  }

  private pathOf(tenantId: string): Promise<readonly string[]> | readonly string[] {
    return this.recall(this.paths, tenantId, async () => {
      const [row] = await this.base.db.sql<{ ancestors: string[] }[]>`
        select ancestors from tenants where id = ${tenantId}`;
      return row?.ancestors ?? [];
    });
  }

  private recall<T>(memory: Map<string, Known<T>>, name: string, read: () => Promise<T>): Promise<T> | T {
    const nowMs = this.base.clock.now().getTime();
    const known = memory.get(name);
    if (known && nowMs < known.untilMs) return known.value;
    return read().then((value) => {
      if (memory.size >= maxRemembered) memory.clear();
      memory.set(name, { value, untilMs: nowMs + rememberMs });
      return value;
    });
  }
}
