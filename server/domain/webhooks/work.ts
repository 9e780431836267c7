/** What passes between the webhooks room and the workers that hold the connections. */
import type { KeyObject } from "node:crypto";
import type { Health } from "#server/domain/webhooks/health.ts";

export type WorkerEndpoint = Health & {
  id: string;
  tenantId: string;
  url: string;
  status: "active" | "paused" | "disabled" | "deleted";
  batchSize: number;
  /** Of all secrets that are valid now; the newest first. */
  keys: KeyObject[];
  updatedAt: Date;
};

/** One event for one endpoint, ready to be sent. */
export type Delivery = {
  /** Of its row in the queue. */
  id: string;
  /** The same at every try and replay: receivers know by it what they have already. */
  eventId: string;
  /** The message, or the other thing, that it tells of. */
  messageId: string;
  /** Tries so far; 0 = new. */
  attempts: number;
  /** When it happened. */
  at: Date;
  /** The event as JSON, `id` left out. */
  json: string;
};

export type AnswerError =
  | "status"
  | "redirect"
  | "no_answer_in_time"
  | "cut_off"
  | "connection_failed"
  | "host_not_allowed"
  | "host_not_found"
  | "certificate";

/** What became of one request. */
export type SentRequest = {
  endpointId: string;
  tenantId: string;
  deliveries: Delivery[];
  at: Date;
  durationMs: number;
  /** Null when no answer came. */
  statusCode: number | null;
  /** Null = taken. */
  error: AnswerError | null;
  /** Nothing gets through at present, so nothing is given up. */
  isFailing: boolean;
};

/** The endpoint's state after the last of its requests. */
export type HealthChange = Health & {
  endpointId: string;
  tenantId: string;
  lastAttemptAt: Date;
  lastStatus: number | null;
  lastError: AnswerError | null;
  /** What has just begun or ended. */
  news: "failing" | "recovered" | "gone" | null;
};
