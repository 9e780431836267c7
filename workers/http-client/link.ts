/** How it stands with a partner over HTTP: up, or away with a careful try now and then until it answers again. */
import type { BindReport } from "#server/domain/delivery/report-binds.ts";

export type LinkHandlers = {
  /** Up, down, or ready for another try: room has changed. */
  onChange(): void;
  /** What goes with it begins and ends with it. */
  onStart(): void;
  onStop(): Promise<void>;
};

const backoffMs = { first: 1_000, most: 30_000 };

export class HttpLink {
  readonly number = 1;
  readonly mayTransmit = true;
  /** Requests under way. */
  usedSlots = 0;
  private state: BindReport["state"] = "connecting";
  private lastError: string | null = null;
  private since = new Date();
  private failures = 0;
  private unansweredInARow = 0;
  private retryAtMs = 0;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly windowSize: number,
    private readonly handlers: LinkHandlers,
  ) {}

  get report(): BindReport {
    return { bindNumber: this.number, state: this.state, lastError: this.lastError, since: this.since };
  }

  /** Not while it is only tried: what waits may then take another route. */
  get isBound(): boolean {
    return this.state === "bound";
  }

  /** Requests that may be under way: all, none, or the one that tries. */
  get slots(): number {
    if (this.isBound) return this.windowSize;
    return this.state === "waiting" && performance.now() >= this.retryAtMs ? 1 : 0;
  }

  /** There is nothing to bind: it counts as up until a request shows otherwise. */
  start(): void {
    this.enter("bound");
    this.handlers.onStart();
  }

  async stop(): Promise<void> {
    clearTimeout(this.retry);
    await this.handlers.onStop();
    this.enter("stopped");
  }

  /** The partner answered a message, with yes or no. */
  answered(): void {
    this.failures = 0;
    this.unansweredInARow = 0;
    if (this.state !== "waiting") return;
    clearTimeout(this.retry);
    this.lastError = null;
    this.enter("bound");
  }

  /** Several in a row, a window of them, and it counts as away. */
  missed(why: string): void {
    this.unansweredInARow += 1;
    if (!this.isBound || this.unansweredInARow >= this.windowSize) this.failed(why);
  }

  /** Nothing can be sent there now. */
  failed(why: string): void {
    if (this.state === "stopped") return;
    this.lastError = why;
    // Others of the same moment say the same.
    if (this.state === "waiting" && performance.now() < this.retryAtMs) return;
    this.failures += 1;
    const most = Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(this.failures, 10));
    const waitMs = most * (0.5 + Math.random() / 2);
    this.retryAtMs = performance.now() + waitMs;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.handlers.onChange(), Math.ceil(waitMs) + 1);
    this.enter("waiting");
  }

  private enter(state: BindReport["state"]): void {
    if (state !== this.state) this.since = new Date();
    this.state = state;
    this.handlers.onChange();
  }
}
