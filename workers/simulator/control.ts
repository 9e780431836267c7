/** The simulator's control over HTTP on loopback: read what it saw, change what it does. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { simulatorSettings } from "#workers/simulator/settings.ts";
import type { Smsc } from "#workers/simulator/smsc.ts";

const maxBodyBytes = 65_536;

/** GET /stats, /settings, /messages?to=…, /counts · POST /settings (any of them), /reset, /disconnect */
export function controlServer(smsc: Smsc): Server {
  return createServer((request, response) => {
    answer(smsc, request).then(
      ({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      },
      () => response.writeHead(400).end(),
    );
  });
}

type Reply = { status: number; body: unknown };
const ok = (body: unknown): Reply => ({ status: 200, body });

async function answer(smsc: Smsc, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? "/", "http://localhost");
  switch (`${request.method} ${url.pathname}`) {
    case "GET /stats":
      return ok({ ...smsc.memory.stats, boundSessions: smsc.boundSessions });
    case "GET /settings":
      return ok(smsc.settings);
    case "GET /messages":
      return ok(smsc.memory.of((url.searchParams.get("to") ?? "").replace(/^\+/, "")));
    case "GET /counts":
      return ok(Object.fromEntries(smsc.memory.counts()));
    case "POST /settings":
      return change(smsc, await readJson(request));
    case "POST /reset":
      smsc.reset();
      return ok(smsc.memory.stats);
    case "POST /disconnect":
      smsc.disconnectAll();
      return ok(smsc.memory.stats);
    default:
      return { status: 404, body: { error: "No such address. See docs/simulator.md." } };
  }
}

function change(smsc: Smsc, body: unknown): Reply {
  const wanted = simulatorSettings.safeParse({ ...smsc.settings, ...(body as object) });
  if (!wanted.success)
    return { status: 400, body: { error: wanted.error.issues.map((i) => `${i.path}: ${i.message}`) } };
  smsc.settings = wanted.data;
  return ok(smsc.settings);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > maxBodyBytes) throw new Error("The body is too long.");
  }
  return JSON.parse(text || "{}");
}
