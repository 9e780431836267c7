/** What smpp-client counts, for Prometheus. */
import { Counter, Gauge, Histogram } from "prom-client";

/** Counted in plain numbers and given to Prometheus when it asks: its own counters hash their labels every time. */
const submitted = new Map<string, Map<string, number>>();
export function countSubmit(connectorId: string, result: string): void {
  let counts = submitted.get(connectorId);
  if (!counts) {
    counts = new Map();
    submitted.set(connectorId, counts);
  }
  counts.set(result, (counts.get(result) ?? 0) + 1);
}

new Counter({
  name: "banyan_smpp_submits_total",
  help: "submit_sm by what became of it: accepted, lost, unsent, or refused with retry_now, retry_later, throttle, failover, fail.",
  labelNames: ["connector", "result"],
  collect() {
    for (const [connector, counts] of submitted) {
      for (const [result, count] of counts) this.inc({ connector, result }, count);
    }
    submitted.clear();
  },
});
export const responseSeconds = new Histogram({
  name: "banyan_smpp_response_seconds",
  help: "From submit_sm to its answer.",
  labelNames: ["connector"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});
export const receiptCount = new Counter({
  name: "banyan_smpp_receipts_total",
  help: "deliver_sm taken in: matched, parked, unreadable, inbound.",
  labelNames: ["connector", "result"],
});
export const boundGauge = new Gauge({
  name: "banyan_smpp_binds",
  help: "Binds that are bound.",
  labelNames: ["connector"],
});
export const inFlightGauge = new Gauge({
  name: "banyan_smpp_in_flight",
  help: "submit_sm without an answer.",
  labelNames: ["connector"],
});
export const writeSeconds = new Histogram({
  name: "banyan_smpp_write_seconds",
  help: "Writing a batch of answers or receipts to the database.",
  labelNames: ["kind"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
});
