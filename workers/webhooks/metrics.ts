/** What the worker counts. */
import { Counter, Gauge, Histogram } from "prom-client";

/** Counted in plain numbers and given to Prometheus when it asks: its own counters hash their labels every time. */
const counts = new Map<string, { requests: number; events: number }>();
export function countRequest(result: string, events: number): void {
  let count = counts.get(result);
  if (!count) {
    count = { requests: 0, events: 0 };
    counts.set(result, count);
  }
  count.requests += 1;
  count.events += events;
}

new Counter({
  name: "webhook_requests_total",
  help: "Requests by what became of them",
  labelNames: ["result"],
  collect() {
    for (const [result, count] of counts) {
      this.inc({ result }, count.requests);
      count.requests = 0;
    }
  },
});
new Counter({
  name: "webhook_events_total",
  help: "Events by what became of their request",
  labelNames: ["result"],
  collect() {
    for (const [result, count] of counts) {
      this.inc({ result }, count.events);
      count.events = 0;
    }
  },
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
