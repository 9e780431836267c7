/** What a message's story is made of: steps in the order of time, each with plain facts and, where there were any, octets. */
import type { Edge, TimelineEvent } from "#server/domain/messages/get.ts";
import type { RouteCandidate } from "#server/domain/routing/explain-route.ts";
import type { PduField } from "#server/domain/traces/read-pdu.ts";

/** One side of an exchange, as it was on the wire. */
export type Octets = {
  /** Two digits an octet. Null for a body of text, which stands in `text`. */
  hex: string | null;
  text: string | null;
  /** submit_sm, deliver_sm_resp, …; null for HTTP. */
  command: string | null;
  sequence: number | null;
  /** command_status by name; null for requests and HTTP. */
  status: string | null;
  fields: PduField[];
  /** More was on the wire than is kept. */
  isCut: boolean;
};
export type ShownExchange = {
  durationMs: number;
  /** With whom: address, bind, account. */
  peer: Record<string, string | number | boolean>;
  request: Octets;
  /** Null when no answer came. */
  response: Octets | null;
};

export type Fact = string | number | boolean | null;
export type StepKind =
  | "arrived"
  | "checked"
  | "moderated"
  | "routed"
  | "held"
  | "posted"
  | "voided"
  | "waiting"
  | "sent"
  | "told"
  | Exclude<TimelineEvent["kind"], "accepted">;

export type Step = {
  at: Date;
  kind: StepKind;
  part: number | null;
  facts: Record<string, Fact>;
  money?: Edge[];
  routes?: RouteCandidate[];
  /** As it was captured; absent where nothing was, or when it is no longer kept. */
  exchange?: ShownExchange;
};
