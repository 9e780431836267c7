/** What one worker may hold at a time, and each endpoint's fair part of it: memory and sockets are bounded, nobody starves. */

export type Limits = {
  /** Endpoints served at a time. */
  endpoints: number;
  /** Requests under way, over all endpoints. */
  requests: number;
  /** Requests under way to one endpoint. */
  requestsOfEndpoint: number;
  /** Events in memory, over all endpoints. */
  events: number;
  eventsOfEndpoint: number;
};

export const workerLimits: Limits = {
  endpoints: 256,
  requests: 1_024,
  requestsOfEndpoint: 64,
  events: 50_000,
  eventsOfEndpoint: 4_000,
};

export type Share = { requests: number; events: number };

/** An endpoint alone gets all that one endpoint may have; among many, each keeps at least two requests. */
export function shareOf(limits: Limits, endpoints: number): Share {
  const among = Math.max(1, endpoints);
  return {
    requests: Math.min(limits.requestsOfEndpoint, Math.max(2, Math.floor(limits.requests / among))),
    events: Math.min(limits.eventsOfEndpoint, Math.max(100, Math.floor(limits.events / among))),
  };
}
