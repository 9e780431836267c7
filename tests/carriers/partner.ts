/** A partner's system over HTTP, by script: a real server that keeps what it was asked, and answers as the script says. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { HttpDescriptionInput } from "#server/domain/routing/http-description.ts";

export type Asked = {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
};
/** @property json the request's body, read */
export type Exchange = Asked & {
  json: Record<string, string>;
  response: ServerResponse;
  socket: Socket;
  /** Answers with JSON. */
  answer(status: number, body: unknown): void;
  cut(): void;
};
export type PartnerScript = (exchange: Exchange, partner: Partner) => void;

export class Partner {
  readonly asked: Asked[] = [];
  connections = 0;
  /** How often each message of ours was taken, by our id. */
  readonly taken = new Map<string, number>();
  private constructor(
    readonly url: string,
    public script: PartnerScript,
  ) {}

  static async start(script: PartnerScript = takesAll): Promise<Partner> {
    let partner: Partner | undefined;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => partner?.hear(request, response, Buffer.concat(chunks).toString()));
    });
    const sockets = new Set<Socket>();
    server.on("connection", (socket) => {
      if (partner) partner.connections += 1;
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    partner = new Partner(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, script);
    return partner;
  }

  get sends(): Asked[] {
    return this.asked.filter(({ path }) => path.startsWith("/send"));
  }

  /** Notes that it has this message. @returns the partner's id of it */
  take(id: string): string {
    this.taken.set(id, (this.taken.get(id) ?? 0) + 1);
    return `P-${id.slice(-12)}`;
  }

  private hear(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { method = "", url: path = "", headers } = request;
    const asked = { method, path, headers, body };
    this.asked.push(asked);
    const answer = (status: number, said: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(said));
    };
    const { socket } = request;
    this.script({ ...asked, json: readJson(body), response, socket, answer, cut: () => socket.destroy() }, this);
  }
}

const readJson = (body: string): Record<string, string> => {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
};

export const takesAll: PartnerScript = ({ json, answer }, partner) =>
  answer(200, { status: "0", id: partner.take(json.id ?? "") });

/** What this partner's manual would say. */
export const described = (url: string, change: Partial<HttpDescriptionInput> = {}): HttpDescriptionInput => ({
  method: "POST",
  url: `${url}/send`,
  headers: [{ name: "X-Account", value: "{user}" }],
  bodyKind: "json",
  body: '{"id":"{id}","to":"{to}","from":"{from}","text":"{text}","parts":{parts},"class":"{class}"}',
  auth: { kind: "bearer", user: "acme" },
  answer: {
    statuses: "200",
    success: { from: "json", path: "/status", values: ["0"] },
    id: { from: "json", path: "/id" },
    error: { from: "json", path: "/error" },
  },
  receipts: {
    kind: "callback",
    id: { from: "json", path: "/id" },
    status: { from: "json", path: "/state" },
    error: { from: "json", path: "/error" },
    to: { from: "json", path: "/to" },
  },
  ...change,
});
