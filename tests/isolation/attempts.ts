/** How each procedure is tried against somebody's holding. A procedure that is not here fails the matrix. */

import { newId } from "#server/kernel/id.ts";
import { described } from "#tests/carriers/partner.ts";
import type { Holding } from "#tests/isolation/world.ts";

type Inputs = (target: Holding) => unknown[];

const byId =
  (field: keyof Holding): Inputs =>
  (target) => [{ id: target[field] }];
const ofTenant: Inputs = (target) => [{ tenantId: target.tenantId }];
const nothing: Inputs = () => [undefined];
const inAWeek = () => new Date(Date.now() + 7 * 86_400_000);
const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const attempts: Record<string, Inputs> = {
  "audit.list": (t) => [{ tenantId: t.tenantId }, { subjectId: t.userId }, { actorId: t.userId }, {}],

  "branding.get": ofTenant,
  "branding.serviceUrl": ofTenant,
  "branding.update": (t) => [
    { tenantId: t.tenantId, productName: "Taken over", primaryColor: "#114488", accentColor: "#882244" },
  ],
  "branding.uploadLogo": (t) => [{ tenantId: t.tenantId, imageBase64: onePixel }],
  "branding.removeLogo": ofTenant,
  "branding.addHost": (t) => [{ tenantId: t.tenantId, host: `evil-${newId().slice(-8)}.localhost` }],
  "branding.removeHost": (t) => [{ tenantId: t.tenantId, host: t.host }],

  "campaigns.list": (t) => [{ tenantId: t.tenantId }, { scope: "subtree", search: t.mark }],
  "campaigns.get": byId("campaignId"),
  "campaigns.progress": byId("campaignId"),
  "campaigns.quote": byId("campaignId"),
  "campaigns.refusals": byId("campaignId"),
  "campaigns.composeCheck": (t) => [{ template: "Hi {{name}}", listId: t.listId }],
  "campaigns.create": (t) => [
    { id: t.campaignId, name: "Taken over" },
    { id: newId(), name: "With a foreign sender", senderId: t.senderId },
  ],
  "campaigns.update": (t) => [{ id: t.campaignId, name: "Taken over" }],
  "campaigns.setAudience": (t) => [{ id: t.campaignId, listId: null }],
  "campaigns.duplicate": (t) => [{ id: t.campaignId, newId: newId() }],
  "campaigns.delete": byId("campaignId"),
  "campaigns.submit": byId("campaignId"),
  "campaigns.withdraw": byId("campaignId"),
  "campaigns.pause": byId("campaignId"),
  "campaigns.resume": byId("campaignId"),
  "campaigns.stop": byId("campaignId"),

  "contacts.lists": ofTenant,
  "contacts.list": byId("listId"),
  "contacts.recipients": byId("listId"),
  "contacts.rejectedRows": byId("listId"),
  "contacts.renameList": (t) => [{ id: t.listId, name: "Taken over" }],
  "contacts.deleteList": byId("listId"),
  "contacts.optOuts": (t) => [{ tenantId: t.tenantId }, { search: t.msisdn }],
  "contacts.addOptOuts": (t) => [{ numbers: [t.msisdn], note: "mine" }],
  "contacts.removeOptOuts": (t) => [{ numbers: [t.msisdn] }],

  "emails.list": (t) => [{ tenantId: t.tenantId }, { search: t.mark }],
  "emails.get": byId("emailId"),

  "keys.list": ofTenant,
  "keys.create": (t) => [{ id: newId(), tenantId: t.tenantId, name: "Back door", scopes: ["messages.read"] }],
  "keys.roll": (t) => [{ id: t.keyId, newKeyId: newId() }],
  "keys.revoke": byId("keyId"),

  "ledger.statement": (t) => [{ orderId: t.orderId }],
  "ledger.statementCsv": (t) => [{ orderId: t.orderId }],
  "ledger.prove": (t) => [{ orderId: t.orderId }],

  "messages.send": (t) => [
    { batchId: t.batchId, items: [{ id: t.messageId, sender: t.senderName, to: t.msisdn, text: "Hi" }], dryRun: true },
    { batchId: newId(), items: [{ id: newId(), sender: t.senderName, to: t.msisdn, text: "Hi" }] },
  ],
  "messages.list": (t) => [
    { tenantId: t.tenantId },
    { search: t.messageId },
    { search: t.msisdn },
    { search: t.mark },
    { search: t.batchId },
    { campaignId: t.campaignId },
    { sender: t.senderName },
  ],
  "messages.get": byId("messageId"),
  "messages.why": (t) => [t.messageId, t.batchId, t.campaignId, t.msisdn, t.mark].map((id) => ({ id })),
  "messages.cancel": (t) => [{ ids: [t.messageId] }, { campaignId: t.campaignId }],

  "moderation.getPolicy": ofTenant,
  "moderation.setPolicy": (t) => [{ tenantId: t.tenantId, mode: "off" }],
  "moderation.listFilters": ofTenant,
  "moderation.createFilter": (t) => [{ id: newId(), tenantId: t.tenantId, phrase: "anything", action: "block" }],
  "moderation.deleteFilter": byId("filterId"),
  "moderation.listCases": (t) => [{ tenantId: t.tenantId }, { status: "open" }, { mineToDecide: true }],
  "moderation.getCase": byId("caseId"),
  "moderation.decideCase": (t) => [{ id: t.caseId, decision: "approved" }],

  "orders.list": (t) => [{ tenantId: t.tenantId }, { counterpartyId: t.tenantId }, {}],
  "orders.get": byId("orderId"),
  "orders.create": (t) => [
    {
      id: newId(),
      buyerId: t.tenantId,
      kind: "prepaid",
      priceListId: t.priceListId,
      partsLimit: 10n,
      validFrom: new Date(),
      validUntil: inAWeek(),
    },
  ],
  "orders.update": (t) => [{ id: t.orderId, note: "Taken over" }],
  "orders.sign": byId("orderId"),
  "orders.cancel": byId("orderId"),
  "orders.topUp": (t) => [{ id: newId(), orderId: t.orderId, addAmountMicros: 1_000_000n }],
  "orders.close": (t) => [{ id: t.orderId, reason: "Taken over" }],

  "prices.list": ofTenant,
  "prices.get": byId("priceListId"),
  "prices.create": (t) => [{ id: newId(), tenantId: t.tenantId, name: "Mine", currency: "VND", postOn: "accepted" }],
  "prices.update": (t) => [{ id: t.priceListId, name: "Taken over" }],
  "prices.delete": byId("priceListId"),
  "prices.quote": (t) => [
    {
      tenantId: t.tenantId,
      groups: [
        {
          operatorId: "vn-mobifone",
          country: "VN",
          trafficClass: "bulk",
          senderName: t.senderName,
          parts: 1,
          count: 1,
        },
      ],
    },
  ],

  "reports.summary": (t) => [
    { tenantId: t.tenantId, groupBy: "tenant" },
    { campaignId: t.campaignId, groupBy: "campaign" },
    { orderId: t.orderId, groupBy: "order" },
    { senderId: t.senderId, groupBy: "sender" },
  ],
  "reports.dashboard": ofTenant,
  "reports.orderUse": (t) => [{ orderId: t.orderId }],

  // The platform's own, of no tenant: below a root it is refused.
  "retention.get": () => [{}, { tryOut: { messages: 14, history: 14, receipts: 14 } }],
  "retention.set": () => [{ messages: 400, history: 180, receipts: 90 }],

  "routing.operators": nothing,
  "routing.connectors": nothing,
  "routing.connector": byId("connectorId"),
  "routing.createConnector": (t) => [
    {
      id: newId(),
      tenantId: t.tenantId,
      name: "Mine",
      host: "smsc.example.net",
      port: 2775,
      systemId: "x",
      password: "secret",
    },
  ],
  "routing.updateConnector": (t) => [{ id: t.connectorId, name: "Taken over" }],
  "routing.httpConnector": byId("httpConnectorId"),
  "routing.createHttpConnector": (t) => [
    { id: newId(), tenantId: t.tenantId, name: "Mine", description: described("https://partner.example") },
  ],
  "routing.updateHttpConnector": (t) => [
    { id: t.httpConnectorId, name: "Taken over" },
    { id: t.httpConnectorId, description: described("https://partner.example") },
  ],
  "routing.tryConnector": (t) => [{ id: t.httpConnectorId, to: t.msisdn, from: "ACME", text: "Hi" }],
  "routing.receiptAddress": byId("httpConnectorId"),
  "routing.renewReceiptAddress": byId("httpConnectorId"),
  "routing.deleteConnector": byId("connectorId"),
  "routing.connectorErrors": byId("connectorId"),
  "routing.setConnectorError": (t) => [{ connectorId: t.connectorId, kind: "submit", code: "0x58", verdict: "fail" }],
  "routing.clearConnectorError": (t) => [{ connectorId: t.connectorId, kind: "submit", code: "ESME_RSYSERR" }],
  "routing.routes": nothing,
  "routing.createRoute": (t) => [
    { id: newId(), tenantId: t.tenantId, connectorId: t.connectorId },
    { id: newId(), connectorId: t.connectorId },
  ],
  "routing.updateRoute": (t) => [{ id: t.routeId, priority: 1 }],
  "routing.deleteRoute": byId("routeId"),

  "senders.list": (t) => [
    { view: "subtree", tenantId: t.tenantId },
    { view: "subtree", search: t.senderName },
  ],
  "senders.get": byId("senderId"),
  "senders.register": (t) => [{ id: newId(), tenantId: t.tenantId, name: "TAKENOVER", purpose: "none of mine" }],
  "senders.decide": (t) => [{ id: t.senderId, decision: "rejected", reason: "Taken over" }],
  "senders.revoke": (t) => [{ id: t.senderId, reason: "Taken over" }],

  "session.account": nothing,
  "session.updateProfile": () => [{ name: "Somebody" }],
  "session.changePassword": () => [{ currentPassword: "not the one", newPassword: "long enough to pass 42" }],
  "session.signOutEverywhere": nothing,

  "smppAccounts.list": ofTenant,
  "smppAccounts.create": (t) => [
    { id: newId(), tenantId: t.tenantId, name: "Back door", systemId: `evil${newId().slice(-8)}` },
    { id: t.smppAccountId, name: "Taken over", systemId: `evil${newId().slice(-8)}` },
  ],
  "smppAccounts.update": (t) => [{ id: t.smppAccountId, name: "Taken over", status: "disabled" }],
  "smppAccounts.resetPassword": byId("smppAccountId"),

  "tenants.list": nothing,
  "tenants.get": byId("tenantId"),
  "tenants.create": (t) => [
    {
      id: newId(),
      parentId: t.tenantId,
      kind: "subaccount",
      name: "Foot in the door",
      currency: "VND",
      country: "VN",
      timeZone: "UTC",
    },
  ],
  "tenants.update": (t) => [{ id: t.tenantId, name: "Taken over" }],
  "tenants.suspend": (t) => [{ id: t.tenantId, reason: "Taken over" }],
  "tenants.resume": byId("tenantId"),

  "throughput.contract": ofTenant,
  "throughput.setContract": (t) => [{ tenantId: t.tenantId, reservedPerSecond: 0, maxPerSecond: 7, weight: 3 }],
  "throughput.queue": (t) => [{ tenantId: t.tenantId }, { tenantId: t.tenantId, scope: "self" }, {}],

  "users.list": ofTenant,
  "users.invite": (t) => [{ id: newId(), tenantId: t.tenantId, email: `evil-${newId()}@example.test`, role: "viewer" }],
  "users.resendInvitation": byId("userId"),
  "users.update": (t) => [{ id: t.userId, name: "Taken over" }],
  "users.disable": byId("userId"),
  "users.enable": byId("userId"),

  "webhooks.list": ofTenant,
  "webhooks.get": byId("webhookId"),
  "webhooks.create": (t) => [
    { id: newId(), tenantId: t.tenantId, url: "http://127.0.0.1:9/mine" },
    { id: t.webhookId, url: "http://127.0.0.1:9/mine" },
  ],
  "webhooks.update": (t) => [{ id: t.webhookId, url: "http://127.0.0.1:9/mine", description: "Taken over" }],
  "webhooks.rotateSecret": byId("webhookId"),
  "webhooks.pause": byId("webhookId"),
  "webhooks.resume": byId("webhookId"),
  "webhooks.delete": byId("webhookId"),
  "webhooks.sendTest": byId("webhookId"),
  "webhooks.attempts": (t) => [{ id: t.webhookId }, { id: t.webhookId, messageId: t.messageId }],
  "webhooks.replays": byId("webhookId"),
  "webhooks.replayRange": (t) => [
    { id: newId(), webhookId: t.webhookId, from: new Date(Date.now() - 86_400_000), to: new Date() },
  ],
  "webhooks.replayMessages": (t) => [{ webhookId: t.webhookId, messageIds: [t.messageId] }],
  "webhooks.stopReplay": byId("replayId"),
};
