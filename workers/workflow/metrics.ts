/** What the workflow server counts, for GET /metrics. */
import { Counter, Gauge, Histogram } from "prom-client";

export const eventsAccepted = new Counter({
  name: "workflow_events_total",
  help: "Events by what became of them",
  labelNames: ["result"],
});
export const runsStarted = new Counter({
  name: "workflow_runs_started_total",
  help: "Runs made",
  labelNames: ["function"],
});
export const runsEnded = new Counter({
  name: "workflow_runs_ended_total",
  help: "Runs ended",
  labelNames: ["function", "status"],
});
export const callSeconds = new Histogram({
  name: "workflow_call_seconds",
  help: "Calls to the app by outcome",
  labelNames: ["outcome"],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
});
export const callsInFlight = new Gauge({ name: "workflow_calls_in_flight", help: "Calls to the app under way" });
export const appSynced = new Gauge({ name: "workflow_app_synced", help: "1 while the app's functions could be read" });
