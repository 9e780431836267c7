/** What HTTP connectors count, for Prometheus. */
import { Counter, Histogram } from "prom-client";

export const requestCount = new Counter({
  name: "banyan_http_requests_total",
  help: "Messages handed to partners over HTTP by what became of them: accepted, lost, unsent, or refused with retry_now, retry_later, throttle, failover, fail.",
  labelNames: ["connector", "result"],
});
export const answerSeconds = new Histogram({
  name: "banyan_http_answer_seconds",
  help: "From a request to the end of its answer.",
  labelNames: ["connector"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});
export const pollCount = new Counter({
  name: "banyan_http_polls_total",
  help: "Questions for receipts: final, open, unanswered.",
  labelNames: ["connector", "result"],
});
