/** Uploads that run at the same time: a few for a person or key, some more for a tenant, so that there is room for all. */
import type { Context } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";

const perActor = 4;
const perTenant = 8;
const retryAfterSeconds = 10;

// Next loads modules more than once.
const holder = globalThis as typeof globalThis & { runningUploads?: Map<string, number> };

/** @throws rate_limited `too_many_uploads` with retryAfterSeconds */
export async function inUploadPlace<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  holder.runningUploads ??= new Map();
  const running = holder.runningUploads;
  const places = [
    { name: `actor ${ctx.actor.id}`, most: perActor },
    { name: `tenant ${ctx.tenantId}`, most: perTenant },
  ];
  if (places.some(({ name, most }) => (running.get(name) ?? 0) >= most)) {
    throw new DomainError("rate_limited", "too_many_uploads", "Other uploads are still running. Wait for one to end.", {
      retryAfterSeconds,
    });
  }
  for (const { name } of places) running.set(name, (running.get(name) ?? 0) + 1);
  try {
    return await work();
  } finally {
    for (const { name } of places) {
      const left = (running.get(name) ?? 1) - 1;
      if (left > 0) running.set(name, left);
      else running.delete(name);
    }
  }
}
