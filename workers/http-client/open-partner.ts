/** Everything that a driver needs to send through a partner over HTTP, put together from its description. */
import { endPolls } from "#server/domain/delivery/receipt-polls.ts";
import type { HttpDescription } from "#server/domain/routing/http-description.ts";
import { log } from "#server/kernel/log.ts";
import type { Guard } from "#server/kernel/outbound.ts";
import { HttpDispatch } from "#workers/http-client/dispatch.ts";
import { Exchange } from "#workers/http-client/exchange.ts";
import { HttpLink } from "#workers/http-client/link.ts";
import { PartnerTrace } from "#workers/http-client/partner-trace.ts";
import { Poller, type PollerHost } from "#workers/http-client/poller.ts";
import { TokenKeeper } from "#workers/http-client/token-keeper.ts";
import type { Carrier, SenderHandlers, SendingConnector } from "#workers/smpp-client/carrier.ts";

export type PartnerHandlers = SenderHandlers & PollerHost & { onChange(): void };

export function openPartner(
  connector: SendingConnector,
  description: HttpDescription,
  handlers: PartnerHandlers,
  guard: Guard = {},
): Carrier {
  const { id: connectorId, windowSize, responseTimeoutMs, password } = connector;
  const secret = password ?? "";
  const exchange = new Exchange({ connections: windowSize, answerTimeoutMs: responseTimeoutMs }, guard);
  const link = new HttpLink(windowSize, {
    onChange: () => handlers.onChange(),
    onStart: () => {
      if (poller) poller.start();
      else
        endPolls(handlers.ctx, { connectorId }).catch((err) => log.warn({ err, connectorId }, "could not end polls"));
    },
    onStop: async () => {
      await poller?.stop();
      await exchange.close();
    },
  });
  const tokens = new TokenKeeper(description.auth, secret, guard);
  const trace = new PartnerTrace(connector, description.auth.user);
  const parts = { description, secret, exchange, tokens, link, trace };
  const dispatch = new HttpDispatch(connector, parts, handlers);
  const { receipts } = description;
  const poller = receipts.kind === "poll" ? new Poller(connector, receipts, parts, dispatch, handlers) : null;
  const polling = receipts.kind === "poll" ? { ...receipts, byOwnId: receipts.idIs === "ours" } : undefined;
  return { links: [link], dispatch, polling, mostInHand: windowSize };
}
