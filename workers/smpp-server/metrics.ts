/** What smpp-server counts, for Prometheus. */
import { Counter, Gauge, Histogram } from "prom-client";
import { statusName } from "#server/domain/routing/error-codes.ts";

/** Counted in plain numbers and given to Prometheus when it asks: its own counters hash their labels every time. */
const answered = new Map<string, Map<number, number>>();
export function countAnswer(command: string, status: number): void {
  let counts = answered.get(command);
  if (!counts) {
    counts = new Map();
    answered.set(command, counts);
  }
  counts.set(status, (counts.get(status) ?? 0) + 1);
}

new Counter({
  name: "banyan_smpp_server_requests_total",
  help: "Requests of clients by command and command_status of the answer.",
  labelNames: ["command", "status"],
  collect() {
    for (const [command, counts] of answered) {
      for (const [status, count] of counts) this.inc({ command, status: statusName(status) }, count);
    }
    answered.clear();
  },
});
export const sessionGauge = new Gauge({
  name: "banyan_smpp_server_sessions",
  help: "Sessions: bound, or connected and not bound yet.",
  labelNames: ["state"],
});

/** deliver_sm since Prometheus asked last. */
export const told = { confirmed: 0, refused: 0, lost: 0 };
new Counter({
  name: "banyan_smpp_server_receipts_total",
  help: "deliver_sm by what became of it: confirmed, refused, lost.",
  labelNames: ["result"],
  collect() {
    for (const [result, count] of Object.entries(told)) this.inc({ result }, count);
    Object.assign(told, { confirmed: 0, refused: 0, lost: 0 });
  },
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
