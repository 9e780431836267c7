/** What the worker counts. */
import { Counter, Gauge, Histogram } from "prom-client";

export const requestsTotal = new Counter({
  name: "webhook_requests_total",
  help: "Requests by what became of them",
  labelNames: ["result"],
});
export const eventsTotal = new Counter({
  name: "webhook_events_total",
  help: "Events by what became of their request",
  labelNames: ["result"],
});
export const requestSeconds = new Histogram({
  name: "webhook_request_seconds",
  help: "From the request to the end of its answer",
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 5, 15, 25],
});
export const endpointsServed = new Gauge({
  name: "webhook_endpoints_served",
  help: "Endpoints that this worker serves",
});
