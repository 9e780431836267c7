/** Limits and addresses of the workflow server; every queue, payload and loop has a bound. */

export type WorkflowSettings = {
  port: number;
  eventKey: string;
  signingKey: string;
  /** Where the app serves its functions; the server asks it to sync by itself. */
  appUrl: string;
  /** Calls to the app at the same time. */
  concurrency: number;
  /** First wait before a retry; it doubles with every attempt. */
  retryBaseMs: number;
  retryMaxMs: number;
  /** How often the app is asked whether its functions changed. */
  syncEveryMs: number;
  /** How often timers and the queue are looked at when nothing wakes the server. */
  pollMs: number;
  /** A call is another server's to make when this one has not renewed its lease for so long. */
  leaseMs: number;
  callTimeoutMs: number;
  /** The app may be out of reach for so long before a run fails. */
  missingMaxMs: number;
};

export const defaultSettings = {
  concurrency: 16,
  retryBaseMs: 5_000,
  retryMaxMs: 3_600_000,
  syncEveryMs: 10_000,
  pollMs: 250,
  leaseMs: 60_000,
  callTimeoutMs: 2 * 3_600_000,
  missingMaxMs: 24 * 3_600_000,
} satisfies Partial<WorkflowSettings>;

export const limits = {
  stepsPerRun: 1000,
  attempts: 21,
  eventBytes: 1_048_576,
  eventsPerRequest: 5000,
  requestBytes: 32 * 1_048_576,
  /** Of one answer of the app: a step's output or a batch of planned steps. */
  answerBytes: 8 * 1_048_576,
  /** Above it the app fetches events and steps itself (use_api). */
  callBytes: 2 * 1_048_576,
  seenHours: 24,
  endedRunDays: 7,
  eventDays: 3,
  pageSize: 100,
} as const;
