/** What a driver asks of a carrier, whatever protocol it speaks: connections that come and go, and one sender over them. */
import type { WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import type { MessageExtras } from "#server/domain/delivery/load-extras.ts";
import type { Polling } from "#server/domain/delivery/receipt-polls.ts";
import type { BindReport } from "#server/domain/delivery/report-binds.ts";
import type { ClaimedMessage, MessageResult } from "#server/domain/delivery/work.ts";
import type { ErrorTable } from "#server/domain/routing/error-table.ts";

export type Link = {
  readonly isBound: boolean;
  readonly mayTransmit: boolean;
  /** Requests without an answer. */
  readonly usedSlots: number;
  readonly report: BindReport;
  start(): void;
  /** Does not wait for what is unanswered: that is the driver's to do before. */
  stop(): Promise<void>;
};

export type Sender = {
  /** Messages that were handed in and have no result yet. */
  readonly openCount: number;
  /** How many messages there is room for now: none while earlier ones wait for a slot. */
  readonly room: number;
  /** How long until the rate allows one more; 0 when it is not the rate that holds things up. */
  readonly rateWaitMs: number;
  /** All slots there are, used or free. */
  readonly capacity: number;
  /** Changes while it runs: an edited table needs no new connection. */
  errors: ErrorTable;
  send(messages: readonly ClaimedMessage[], extras: ReadonlyMap<string, MessageExtras>): void;
  /** Gives back what has not been sent. */
  giveBack(why: string): void;
  pump(): void;
};

export type SenderHandlers = {
  onResult(result: MessageResult): void;
  /** Slots became free. */
  onRoom(): void;
};

/**
 * @property polling set when receipts have to be asked for
 * @property mostInHand messages that are claimed and not yet written back, where that is bounded: as many as a kill may
 * leave unknown
 */
export type Carrier = { links: readonly Link[]; dispatch: Sender; polling?: Polling; mostInHand?: number };

export type SendingConnector = Pick<
  WorkerConnector,
  "id" | "host" | "port" | "maxPerSecond" | "windowSize" | "responseTimeoutMs" | "password" | "errors"
>;
