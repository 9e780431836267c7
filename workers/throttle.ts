/** Lets clients' messages in as fast as contracts allow: one for a process, over all keys and binds of a tenant. */
import { type Asked, type Passage, pass } from "#server/domain/throughput/passage.ts";
import { pathOf } from "#server/domain/throughput/path-of.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { ContractKeeper } from "#workers/contract-keeper.ts";

export class Throttle {
  private readonly ctx: Context;
  private readonly keeper: ContractKeeper;
  /** Ways up never change, and there are as many as tenants. */
  private readonly paths = new Map<string, string[]>();

  constructor(base: Pick<Context, "db" | "clock">, name: string) {
    const owner = newId();
    this.ctx = jobContext(base, name, nilId, owner);
    this.keeper = new ContractKeeper(this.ctx, owner, "in");
  }

  start(): Promise<void> {
    return this.keeper.start();
  }

  stop(): Promise<void> {
    return this.keeper.stop();
  }

  /** Finds out whose contracts are over a tenant, so that take() counts against them; mostly it is known. */
  know(tenantId: string): Promise<void> | undefined {
    if (this.keeper.book.isEmpty || this.paths.has(tenantId)) return undefined;
    return pathOf(this.ctx, tenantId).then((path) => void this.paths.set(tenantId, path));
  }

  /** Takes them, all or none. Of a tenant that know() was not asked about, only its own contract counts. */
  take(tenantId: string, asked: Asked): Passage {
    const path = this.paths.get(tenantId) ?? [tenantId];
    return pass(this.keeper.book, path, asked, this.ctx.clock.now().getTime());
  }
}
