/** Bodies that pass through the gateway: refused unread, without an end, or slow; they stand in nobody's way. */
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import { expect, it } from "vitest";
import { eventually } from "#tests/eventually.ts";
import { webPair as pair } from "#tests/web-pair.ts";

/** As a route that asks who is there, and refuses before it reads: the body stays in its connection. */
const refuseUploads = (request: IncomingMessage, response: ServerResponse) => {
  if (request.method === "GET") return void response.end("fine");
  request.once("data", () => request.pause());
  setTimeout(() => response.writeHead(400).end("refused"), 50);
};

async function upload(port: number, body: Buffer, path = "/upload"): Promise<string> {
  const sending = request({ host: "127.0.0.1", port, path, method: "POST" });
  sending.end(body);
  const [answer] = (await once(sending, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return `${answer.statusCode} ${Buffer.concat(chunks)}`;
}

it("keeps an upload that was refused unread away from the requests of others", async () => {
  const { port } = await pair(refuseUploads, { bodies: { idleMs: 600_000 } });
  const refusals = await Promise.all(Array.from({ length: 10 }, () => upload(port, Buffer.alloc(400_000))));
  expect(new Set(refusals)).toEqual(new Set(["400 refused"]));
  const others = Array.from({ length: 10 }, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/console`, { signal: AbortSignal.timeout(60_000) });
    return `${answer.status} ${await answer.text()}`;
  });
  expect(new Set(await Promise.all(others))).toEqual(new Set(["200 fine"]));
});

/** Sends the beginning and no more. @returns the status that it is answered with all the same */
function sendEndlessly(port: number, started: ClientRequest[] = []): Promise<number> {
  const sending = request({ host: "127.0.0.1", port, path: "/upload", method: "POST" });
  started.push(sending);
  sending.write("x");
  return new Promise((resolve, reject) => {
    sending.once("response", (answer) => resolve(answer.resume().statusCode ?? 0));
    sending.once("error", reject);
  });
}

it("lets uploads that never end take nobody's place, and not too many of them from one address", async () => {
  let arrived = 0;
  const takeUploads = (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === "GET") return void response.end("fine");
    arrived += 1;
    request.resume().on("end", () => response.end("fine"));
  };
  // However long this takes, none of them is broken off for its silence.
  const { port } = await pair(takeUploads, { bodies: { idleMs: 600_000 } });
  const started: ClientRequest[] = [];
  const answers = Array.from({ length: 270 }, () => sendEndlessly(port, started));
  // Those that were taken are broken off at the end.
  const refused = answers.map((answer) => answer.then(() => 1).catch(() => 0));
  await eventually(() => expect(arrived).toBe(100));
  const page = await fetch(`http://127.0.0.1:${port}/console`, { signal: AbortSignal.timeout(60_000) });
  expect(await page.text()).toBe("fine");
  expect(await Promise.race(answers)).toBe(429);
  for (const sending of started.slice(0, 150)) sending.destroy();
  await eventually(async () => expect(await upload(port, Buffer.from("x"))).toBe("200 fine"));
  for (const sending of started) sending.destroy();
  await Promise.all(refused);
});

it("breaks off an upload whose sender has stopped, and not one that the web process reads slowly", async () => {
  const { port } = await pair(
    (request, response) => {
      if (request.url === "/slow") setTimeout(() => request.resume().on("end", () => response.end("read")), 3_000);
      else request.resume();
    },
    { bodies: { idleMs: 1_000 } },
  );
  expect(await sendEndlessly(port)).toBe(408);
  expect(await upload(port, Buffer.alloc(20_000_000), "/slow")).toBe("200 read");
});
