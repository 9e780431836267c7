/** What smpp-server counts, for Prometheus. */
import { Counter, Gauge, Histogram } from "prom-client";

export const requestCount = new Counter({
  name: "banyan_smpp_server_requests_total",
  help: "Requests of clients by command and command_status of the answer.",
  labelNames: ["command", "status"],
});
export const sessionGauge = new Gauge({
  name: "banyan_smpp_server_sessions",
  help: "Sessions: bound, or connected and not bound yet.",
  labelNames: ["state"],
});
export const toldCount = new Counter({
  name: "banyan_smpp_server_receipts_total",
  help: "deliver_sm by what became of it: confirmed, refused, lost.",
  labelNames: ["result"],
});
export const closedCount = new Counter({
  name: "banyan_smpp_server_closed_total",
  help: "Connections that were refused or closed by us, by reason.",
  labelNames: ["reason"],
});
export const outboxSeconds = new Histogram({
  name: "banyan_smpp_server_outbox_seconds",
  help: "Reading and writing the receipts' queue.",
  labelNames: ["kind"],
  buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
});
