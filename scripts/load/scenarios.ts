/** Load scenarios against the whole product, each from its first request to its last receipt or callback. */
import { asCampaign } from "#scripts/load/campaign-load.ts";
import { codesBesideCampaign } from "#scripts/load/codes-load.ts";
import { overHttp } from "#scripts/load/http-load.ts";
import type { Scenario } from "#scripts/load/measured.ts";
import { besideFlood } from "#scripts/load/neighbours-load.ts";
import { overSmpp } from "#scripts/load/smpp-load.ts";

export const scenarios: Scenario[] = [
  {
    name: "h1",
    what: "HTTP, one message a request, 50 connections, a callback each",
    messages: 20_000,
    runs: 3,
    run: (b, n) => overHttp(b, n, { batch: 1, connections: 50 }),
  },
  {
    name: "h2",
    what: "HTTP, 100 messages a request, callbacks in lists",
    messages: 50_000,
    runs: 3,
    run: (b, n) => overHttp(b, n, { batch: 100, connections: 8 }),
  },
  {
    name: "s1",
    what: "SMPP, 1 bind × window 100, receipts back",
    messages: 50_000,
    runs: 3,
    run: (b, n) => overSmpp(b, n, { binds: 1, window: 100 }),
  },
  {
    name: "s2",
    what: "SMPP, 10 binds × window 50, receipts back",
    messages: 50_000,
    runs: 3,
    run: (b, n) => overSmpp(b, n, { binds: 10, window: 50 }),
  },
  { name: "c1", what: "campaign, from launch to the last receipt", messages: 1_000_000, runs: 1, run: asCampaign },
  {
    name: "l1",
    what: "campaign, and one-time codes by HTTP beside it: latency to the SMSC",
    messages: 1_000_000,
    runs: 1,
    run: codesBesideCampaign,
  },
  {
    name: "l2",
    what: "one tenant at its contract, beside one at ten times its own: latency to the SMSC",
    messages: 3_000,
    runs: 3,
    run: besideFlood,
  },
];
