/** The pages of single things: one of each kind that the signed-in person has. */
import type { Api } from "#e2e/session.ts";
import { newId } from "#server/kernel/id.ts";

/** Of a tenant that has others below it. @throws when there is nothing of a kind: then its page would go unseen */
export async function sellersPaths(api: Api): Promise<string[]> {
  const [tenants, orders, priceLists, senders, messages, cases, emails, connectors] = await Promise.all([
    api.tenants.list.query(),
    api.orders.list.query({ role: "seller" }),
    api.prices.list.query({}),
    api.senders.list.query({ view: "subtree" }),
    api.messages.list.query({}),
    api.moderation.listCases.query({}),
    api.emails.list.query({}),
    api.routing.connectors.query(),
  ]);
  const connector = idOf(
    "connector",
    connectors.filter(({ kind }) => kind === "smpp"),
  );
  return [
    `/console/tenants/${idOf("tenant", tenants.slice(1))}`,
    `/console/orders/${idOf("order", orders.items)}`,
    `/console/price-lists/${idOf("price list", priceLists.items)}`,
    `/console/senders/${idOf("sender name", senders.items)}`,
    `/console/messages/${idOf("message", messages.items)}`,
    `/console/moderation/${idOf("case", cases.items)}`,
    `/console/emails/${idOf("e-mail", emails.items)}`,
    `/console/connectors/${connector}`,
    `/console/connectors/${connector}/edit`,
    ...(await partnerOf(api)),
    `/console/webhooks/${await webhookOf(api)}`,
  ];
}

/** A connector that speaks HTTP, and its form; switched off, so that nothing waits for an address that is nobody's. */
async function partnerOf(api: Api): Promise<string[]> {
  const known = (await api.routing.connectors.query()).find(({ kind }) => kind === "http");
  const id = known?.id ?? newId();
  if (!known) {
    await api.routing.createHttpConnector.mutate({ id, name: "Partner", description: partner, status: "disabled" });
  }
  return [`/console/connectors/${id}`, `/console/connectors/${id}/edit`];
}

const partner = {
  method: "POST" as const,
  url: "https://partner.example/sms",
  bodyKind: "json" as const,
  body: '{"to":"{to}","text":"{text}","reference":"{id}"}',
  auth: { kind: "none" as const },
  answer: {},
  receipts: {
    kind: "callback" as const,
    idIs: "ours" as const,
    id: { from: "json" as const, path: "/reference" },
    status: { from: "json" as const, path: "/state" },
  },
};

async function webhookOf(api: Api): Promise<string> {
  const [known] = await api.webhooks.list.query({});
  if (known) return known.id;
  const id = newId();
  await api.webhooks.create.mutate({ id, url: "https://receiver.example/hook", description: "Billing" });
  return id;
}

/** Of a tenant that sends: its lists and campaigns, one of them still being written. */
export async function sendersPaths(api: Api): Promise<string[]> {
  const [lists, campaigns, orders] = await Promise.all([
    api.contacts.lists.query({}),
    api.campaigns.list.query({ status: ["completed", "sending", "running"] }),
    api.orders.list.query({ role: "buyer" }),
  ]);
  const listId = idOf("list", lists.items);
  return [
    `/console/recipients/${listId}`,
    `/console/recipients/${listId}?view=rejected`,
    `/console/campaigns/${idOf("campaign", campaigns.items)}`,
    `/console/campaigns/${await draftOf(api, listId)}/edit`,
    `/console/orders/${idOf("order", orders.items)}`,
  ];
}

async function draftOf(api: Api, listId: string): Promise<string> {
  const [known] = (await api.campaigns.list.query({ status: ["draft"] })).items;
  if (known) return known.id;
  const [sender] = (await api.senders.list.query({ view: "own", status: "approved" })).items;
  const id = newId();
  await api.campaigns.create.mutate({ id, name: "Tết", senderId: sender?.id, template: "Chúc mừng năm mới!" });
  await api.campaigns.setAudience.mutate({ id, listId });
  return id;
}

function idOf(kind: string, rows: readonly { id: string }[]): string {
  const [first] = rows;
  if (!first) throw new Error(`The demo has no ${kind} for this person.`);
  return first.id;
}
