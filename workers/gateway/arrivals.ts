/** Requests of the API that are still arriving: each must be here as a whole within a bounded time. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** From the head of a request to the end of its body: 16 MiB at 2 Mbit/s. docs/api/http.md tells it. */
const arrivalMs = 60_000;
const looksWithin = 12;

type Arriving = { request: IncomingMessage; response: ServerResponse; sinceMs: number };

/** What whoever reads the body hears, and answers in the way of its door. */
class TooSlow extends Error {
  readonly code = "ERR_HTTP_REQUEST_TIMEOUT";
  readonly statusCode = 408;
}

export const isTooSlow = (error: unknown): error is Error => error instanceof TooSlow;

/**
 * Looked at now and then, because a timer for every request costs more than the few that stall: a connection has one
 * request that is still arriving, and a place for it that is made once.
 */
export class Arrivals {
  private readonly places = new Map<Socket, { arriving: Arriving | null }>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly mostMs = arrivalMs) {
    this.timer = setInterval(() => this.look(), mostMs / looksWithin).unref();
  }

  /** Called with every request of the API, when its head is here. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    let place = this.places.get(socket);
    if (!place) {
      const made: { arriving: Arriving | null } = { arriving: null };
      place = made;
      this.places.set(socket, made);
      socket.once("close", () => {
        made.arriving = null;
        this.places.delete(socket);
      });
    }
    place.arriving = { request, response, sinceMs: performance.now() };
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const beforeMs = performance.now() - this.mostMs;
    for (const place of this.places.values()) {
      const { arriving } = place;
      if (!arriving || arriving.request.complete) place.arriving = null;
      else if (arriving.sinceMs <= beforeMs) {
        place.arriving = null;
        end(arriving);
      }
    }
  }
}

function end({ request, response }: Arriving): void {
  response.shouldKeepAlive = false;
  const isRead = request.listenerCount("error") > 0 && !response.headersSent;
  if (isRead) request.emit("error", new TooSlow());
  else request.destroy();
}
