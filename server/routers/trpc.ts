/** The tRPC base: context, one table from DomainError to tRPC codes, and the one procedure that routers use. */
import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { ZodError } from "zod";
import type { Context } from "#server/kernel/context.ts";
import { DomainError, type ErrorKind, refusedValue } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";

/** What the edge hands in: who asks, or null when nobody is signed in. */
export type RequestContext = { caller: Context | null };

const codeOf = {
  invalid_input: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  insufficient_funds: "PRECONDITION_FAILED",
  rate_limited: "TOO_MANY_REQUESTS",
  unavailable: "SERVICE_UNAVAILABLE",
} as const satisfies Record<ErrorKind, TRPCError["code"]>;

const t = initTRPC.context<RequestContext>().create({
  transformer: superjson,
  errorFormatter({ shape, error }) {
    const { cause } = error;
    const domain = cause instanceof DomainError ? { code: cause.code, detail: cause.detail } : null;
    return { ...shape, data: { ...shape.data, stack: undefined, domain } };
  },
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const mapErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  const refused = refusedValue(cause);
  if (refused) log.warn({ err: cause }, "the database refused a value");
  const known = cause instanceof DomainError ? cause : refused;
  if (known) throw new TRPCError({ code: codeOf[known.kind], message: known.message, cause: known });
  if (cause instanceof ZodError || result.error.code !== "INTERNAL_SERVER_ERROR") return result;
  log.error({ err: cause ?? result.error }, "unexpected error in a procedure");
  throw new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "Something went wrong on our side. Try again." });
});

const signedIn = t.middleware(({ ctx, next }) => {
  if (!ctx.caller) throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
  return next({ ctx: { caller: ctx.caller } });
});

/** For everybody who is signed in or holds an API key; the verb decides what they may do. `ctx.caller` is the verb's context. */
export const procedure = t.procedure.use(mapErrors).use(signedIn);
