/** The states of a session (SMPP 3.4 section 2.2), and which requests of the peer each of them allows. */
import { commandStatus } from "#workers/smpp/command-status.ts";

export type SessionState = "open" | "bound_tx" | "bound_rx" | "bound_trx" | "unbound" | "closed";
export type BindCommand = "bind_transmitter" | "bind_receiver" | "bind_transceiver";
/** esme binds to the other; smsc is bound to. */
export type Role = "esme" | "smsc";

export const stateAfterBind: Record<string, SessionState> = {
  bind_transmitter: "bound_tx",
  bind_receiver: "bound_rx",
  bind_transceiver: "bound_trx",
};

const needsTransmitter = new Set(["submit_sm", "data_sm", "submit_multi", "query_sm", "cancel_sm", "replace_sm"]);
const needsReceiver = new Set(["deliver_sm", "data_sm", "alert_notification"]);

/** @param role our own @returns the command_status that refuses a request of the peer; null when it may be served */
export function refusalOf(command: string, role: Role, state: SessionState): number | null {
  if (command in stateAfterBind) {
    if (role === "esme") return commandStatus.invalidCommandId;
    return state === "open" ? null : commandStatus.alreadyBound;
  }
  const isKnown = (role === "smsc" ? needsTransmitter : needsReceiver).has(command);
  if (!isKnown) return commandStatus.invalidCommandId;
  const isAllowed = state === "bound_trx" || state === (role === "smsc" ? "bound_tx" : "bound_rx");
  return isAllowed ? null : commandStatus.wrongBindStatus;
}
