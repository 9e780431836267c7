/**
 * Loaded before a program that is not ours (next): makes its end prompt. It waits for its connections to end, and a
 * caller that keeps asking over an open one would keep it alive.
 */
import { subscribe } from "node:diagnostics_channel";

const cutAfterMs = 5_000;
const exitAfterMs = 10_000;
const sweepEveryMs = 100;

const servers = new Set();
let isEnding = false;
subscribe("http.server.request.start", ({ server, response }) => {
  servers.add(server);
  // This answer is the last one over its connection.
  if (isEnding) response.shouldKeepAlive = false;
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    // The program is not far enough to end by itself.
    if (process.listenerCount(signal) === 0) process.exit(0);
    isEnding = true;
    setInterval(() => {
      for (const server of servers) server.closeIdleConnections();
    }, sweepEveryMs).unref();
    setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, cutAfterMs).unref();
    setTimeout(() => process.exit(0), exitAfterMs).unref();
  });
}
