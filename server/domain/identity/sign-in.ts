/** Signs a person in by e-mail and password: one answer and one duration for everything that is wrong. */
import { z } from "zod";
import { brandHost } from "#server/domain/branding/host.ts";
import { checkAddress, countFailure } from "#server/domain/identity/attempts.ts";
import { userLocked } from "#server/domain/identity/events.ts";
import { verifyNobody, verifyPassword } from "#server/domain/identity/password.ts";
import type { Session } from "#server/domain/identity/session-claim.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";
import type { Role } from "#server/kernel/permissions.ts";

type Base = Pick<Context, "db" | "clock">;

export const signInInput = z.object({
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(200),
  /** The Host header of the sign-in page. */
  host: z.string().max(260).optional(),
  ip: z.string().max(64).optional(),
});
export type SignIn = z.input<typeof signInInput>;
export type SignedIn = Session & { tenantId: string; name: string; role: Role };

/** Wrong passwords before the first lock of one minute; each further one doubles it, up to about an hour. */
const freeTries = 5;
const maxDoublings = 6;

type Person = Omit<SignedIn, "sessionId"> & { passwordHash: string };

/**
 * Every try is counted before the password is compared, so that parallel guesses cannot pass the limit. People of a
 * suspended tenant may sign in (to read and to settle); disabled and invited ones may not. A branded host lets in the
 * people of its tenant's subtree, and those above it.
 * @throws unauthenticated `invalid_credentials` (also while locked) · rate_limited `too_many_attempts`
 */
export async function signIn(base: Base, input: SignIn): Promise<SignedIn> {
  const { email, password, host, ip } = parse(signInInput, input);
  const now = base.clock.now();
  checkAddress(base.db, ip, now.getTime());
  const person = await findPerson(base, email, host);
  const attempt = person ? await takeTry(base, person.userId, now) : null;
  if (!person || !attempt) {
    await verifyNobody(password);
    countFailure(base.db, ip, now.getTime());
    throw invalidCredentials();
  }
  if (!(await verifyPassword(person.passwordHash, password))) {
    countFailure(base.db, ip, now.getTime());
    if (attempt.lockedUntil) await tellLock(base, person, attempt.lockedUntil);
    throw invalidCredentials();
  }
  await asSystem(contextOf(base, person), async (ctx) => {
    await ctx.tx.sql`
      update users set failed_attempts = 0, locked_until = null, last_sign_in_at = ${now} where id = ${person.userId}`;
    await audit(ctx, { action: "identity.sign_in", subjectType: "user", subjectId: person.userId, detail: { ip } });
  });
  const { passwordHash: _, ...signedIn } = person;
  return { ...signedIn, sessionId: newId() };
}

async function findPerson(base: Base, email: string, host: string | undefined): Promise<Person | null> {
  const [person] = await base.db.sql<(Person & { ancestors: string[] })[]>`
    select u.id as "userId", u.tenant_id as "tenantId", u.session_version as "sessionVersion", u.name, u.role,
           u.password_hash as "passwordHash", t.ancestors
    from users u join tenants t on t.id = u.tenant_id
    where lower(u.email) = lower(${email}) and u.status = 'active' and u.password_hash is not null`;
  if (!person) return null;
  const { ancestors, ...rest } = person;
  const home = host ? await brandHost(base, host) : null;
  if (home && !ancestors.includes(home.tenantId) && !home.ancestors.includes(rest.tenantId)) return null;
  return rest;
}

/** Null while locked. */
async function takeTry(base: Base, userId: string, now: Date): Promise<{ lockedUntil: Date | null } | null> {
  const [row] = await base.db.sql<{ lockedUntil: Date | null }[]>`
    update users set failed_attempts = failed_attempts + 1,
      locked_until = case when failed_attempts + 1 >= ${freeTries}
        then ${now}::timestamptz + interval '1 minute' * power(2, least(failed_attempts + 1 - ${freeTries}, ${maxDoublings}))
      end
    where id = ${userId} and (locked_until is null or locked_until <= ${now})
    returning locked_until as "lockedUntil"`;
  return row ?? null;
}

async function tellLock(base: Base, person: Person, lockedUntil: Date): Promise<void> {
  await asSystem(contextOf(base, person), async (ctx) => {
    await audit(ctx, { action: "identity.lock", subjectType: "user", subjectId: person.userId });
    await emit(ctx, userLocked, {
      userId: person.userId,
      tenantId: person.tenantId,
      lockedUntil: lockedUntil.toISOString(),
    });
  });
}

function contextOf(base: Base, person: Person): Context {
  const actor = { type: "user" as const, id: person.userId, name: person.name, role: person.role };
  return { db: base.db, clock: base.clock, tenantId: person.tenantId, actor, requestId: newId() };
}

const invalidCredentials = () =>
  new DomainError(
    "unauthenticated",
    "invalid_credentials",
    "The e-mail or the password is wrong. After several wrong tries an account is locked for a while.",
  );
