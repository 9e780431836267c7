/** Kept-alive connections to one address that somebody typed in: few, each dialled through the guard. */
import { Pool } from "undici";
import { dialOutside, type Guard, placeOf } from "#server/kernel/outbound.ts";

export type PoolLimits = { connections: number; dialTimeoutMs: number; answerTimeoutMs: number };

/** A connection ends after so many requests, so that a name that moved is followed. */
const requestsOfConnection = 10_000;

/** @param url only its origin counts */
export function outsidePool(url: string, limits: PoolLimits, guard: Guard): Pool {
  const place = placeOf(url);
  return new Pool(new URL(url).origin, {
    connections: limits.connections,
    pipelining: 1,
    maxRequestsPerClient: requestsOfConnection,
    headersTimeout: limits.answerTimeoutMs,
    bodyTimeout: limits.answerTimeoutMs,
    // Every connection is checked and pinned anew: names that change their mind lead nowhere else.
    connect: (_options, done) => {
      dialOutside({ ...place, timeoutMs: limits.dialTimeoutMs }, guard).then(
        (socket) => done(null, socket.setNoDelay(true)),
        (error: Error) => done(error, null),
      );
    },
  });
}
