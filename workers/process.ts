/** What every worker process has: health and metrics over HTTP, a bounded shutdown, and an end at the first uncaught error. */
import { createServer, type Server } from "node:http";
import { collectDefaultMetrics, register } from "prom-client";
import { env } from "#env.ts";
import { log } from "#server/kernel/log.ts";

export type Running = {
  /** True while it does its work: bound, connected, consuming. Asked at every GET /health. */
  ready(): boolean;
  /**
   * False when it stands still although it should not: the supervisor then starts it again. Failing because something
   * else is away is not standing still.
   */
  isLive?(): boolean;
  /** Stops taking work, finishes what is in hand, closes what it opened. */
  close(): Promise<void>;
};

export type WorkerOptions = {
  name: string;
  /** Port of /health and /metrics, on env.METRICS_HOST: env.METRICS_PORT + the worker's own offset. */
  metricsPort: number;
  /** `stop` aborts when the process is asked to end, also while start is still under way. */
  start(stop: AbortSignal): Promise<Running>;
  /** At most this long from the signal to the exit. */
  closeTimeoutMs?: number;
};

const defaultCloseTimeoutMs = 30_000;

/**
 * Runs a worker until SIGTERM, SIGINT or the death of the process that started it. Exits 0 after a clean close, 1 after
 * an uncaught error, a failed start, or a close that took too long. A second signal ends it at once.
 */
export function runWorker({ name, metricsPort, start, closeTimeoutMs = defaultCloseTimeoutMs }: WorkerOptions): void {
  const stop = new AbortController();
  let running: Running | null = null;

  const die = (message: string) => (error: unknown) => {
    log.fatal({ worker: name, err: error }, message);
    process.exit(1);
  };
  process.on("uncaughtException", die("uncaught error"));
  process.on("unhandledRejection", die("unhandled rejection"));

  const health = healthServer(name, () => ({
    live: running?.isLive?.() ?? true,
    ready: !stop.signal.aborted && (running?.ready() ?? false),
  }));
  health.once("error", die(`port ${metricsPort} cannot be used for health and metrics`));
  health.listen(metricsPort, env.METRICS_HOST);

  const started = start(stop.signal).then((value) => {
    running = value;
  }, die("could not start"));

  const end = (why: string) => {
    if (stop.signal.aborted) process.exit(1);
    log.info({ worker: name, why }, "stopping");
    stop.abort();
    setTimeout(
      () => die("did not close in time")(new Error(`${closeTimeoutMs} ms have passed`)),
      closeTimeoutMs,
    ).unref();
    started
      .then(() => running?.close())
      .then(() => {
        health.close();
        process.exit(0);
      }, die("could not close"));
  };
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGINT", () => end("SIGINT"));
  // The channel to the supervisor closes when the supervisor dies, however it died: no orphans keep the ports.
  if (process.channel) process.on("disconnect", () => end("the supervisor is gone"));
}

function healthServer(name: string, state: () => { live: boolean; ready: boolean }): Server {
  register.setDefaultLabels({ worker: name });
  collectDefaultMetrics();
  return createServer(async (request, response) => {
    const path = request.url?.split("?")[0];
    if (path === "/health") {
      const { live, ready } = state();
      response.writeHead(live && ready ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify({ name, live, ready }));
    } else if (path === "/metrics") {
      response.writeHead(200, { "content-type": register.contentType });
      response.end(await register.metrics());
    } else {
      response.writeHead(404).end();
    }
  });
}
