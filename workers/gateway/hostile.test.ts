/** A thousand hostile requests at all doors of a gateway process: never a 500, no crash, no growth, honest clients served. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect as connectTcp, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { freePort } from "#scripts/free-port.ts";
import { testDatabase } from "#tests/database.ts";
import { makeKey } from "#tests/edges.ts";
import { eventually } from "#tests/eventually.ts";
import { generator, type Hostile, hostileRequest } from "#tests/hostile-requests.ts";
import { makeSendingTree, nextNumber } from "#tests/sending.ts";
import { startWorker } from "#tests/worker-process.ts";

const db = await testDatabase(12);
const seed = 20_261_122;
const mostAtOnce = 12;
/** For what is never answered, because the server waits for more: then the client says that nothing comes. */
const silenceMs = 400;

/** When the engine collects is its own affair; what is still there after it did is growth. */
const collectOnSignal = `
  import v8 from "node:v8"; import vm from "node:vm";
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");
  process.on("SIGUSR2", () => { for (let n = 0; n < 3; n += 1) collect(); });`;

/** Statuses of all answers, and whether the connection ended without any. */
type Heard = { what: string; statuses: number[] };

/** @param held takes connections that stay open */
async function say(port: number, { what, bytes, after }: Hostile, held: Socket[]): Promise<Heard> {
  const socket = connectTcp(port, "127.0.0.1");
  let text = "";
  socket.on("data", (piece) => {
    text += piece.toString("latin1");
  });
  // A reset is an end, too: the server need not read what it has refused.
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(bytes);
  if (after === "open") held.push(socket);
  else {
    const isEnding = after === "end";
    const patience = setTimeout(() => (isEnding ? socket.end() : undefined), silenceMs);
    const mercy = setTimeout(() => socket.destroy(), 120_000);
    await closed;
    clearTimeout(patience);
    clearTimeout(mercy);
  }
  return { what, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)) };
}

it("1,000 hostile requests: no 500, no crash, less than 50 MB, and a good request at each door after every hundred", async () => {
  const tree = await makeSendingTree(db);
  const key = await makeKey(db, tree.subaccount.id, ["messages.send", "messages.read"]);
  // What is no address of the API goes to the web process: this one knows no page.
  const web = createServer((_, response) => void response.writeHead(404).end()).listen(0, "127.0.0.1");
  await once(web, "listening");
  onTestFinished(() => void web.close());
  const port = await freePort();
  const gateway = await startWorker("workers/gateway/main.ts", 0, {
    DATABASE_URL: db.url,
    PORT: `${port}`,
    HOST: "127.0.0.1",
    WEB_PORT: `${(web.address() as AddressInfo).port}`,
    LOG_LEVEL: "error",
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(collectOnSignal)}`,
  });
  const address = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${key}` };
  const post = async (path: string, type: string, body: string) =>
    (await fetch(address + path, { method: "POST", headers: { ...headers, "content-type": type }, body })).status;
  const goodOnes = async (text: string) => {
    const [a, b, c, d] = Array.from({ length: 4 }, nextNumber);
    return [
      await post("/api/v1/messages", "application/json", JSON.stringify({ sender: "ACME", to: a, text })),
      await post("/api/send", "application/x-www-form-urlencoded", `sender=ACME&to=${b}&text=${text}`),
      await post(
        "/api/xml",
        "text/xml",
        `<send><message><sender>ACME</sender><to>${c}</to><text>${text}</text></message></send>`,
      ),
      (await fetch(`${address}/api/send?sender=ACME&to=${d}&text=${text}`, { headers })).status,
    ];
  };
  const good = [202, 202, 202, 202];

  /** The signal may come behind the question; then the next one finds what it left. */
  const retainedMiB = async () => {
    process.kill(gateway.pid, "SIGUSR2");
    expect((await fetch(`${address}/health`)).status).toBe(200);
    return gateway.usage().memoryMiB;
  };

  const random = generator(seed);
  const hundred = async (): Promise<Heard[]> => {
    const requests = Array.from({ length: 100 }, () => hostileRequest(random, key));
    const held: Socket[] = [];
    const heard: Heard[] = [];
    const next = async (): Promise<void> => {
      for (let request = requests.pop(); request; request = requests.pop()) heard.push(await say(port, request, held));
    };
    await Promise.all(Array.from({ length: mostAtOnce }, next));
    // While the slow ones still hold their connections.
    expect(await goodOnes("Hello")).toEqual(good);
    for (const socket of held) socket.destroy();
    return heard;
  };

  expect(await goodOnes("Warm")).toEqual(good);
  // What the engine takes for its first large bodies it keeps: that is no growth.
  const large = "x".repeat(3_000_000);
  for (const [path, type] of [["/api/v1/messages", "application/json"] as const, ["/api/xml", "text/xml"] as const]) {
    const body = type === "text/xml" ? `<send><message><text>${large}` : `{"text":"${large}","colour":1}`;
    await Promise.all(Array.from({ length: mostAtOnce }, () => post(path, type, body)));
  }
  for (let round = 0; round < 3; round += 1) await hundred();
  await retainedMiB();
  const before = await retainedMiB();
  const memory: number[] = [];
  const heard: Heard[] = [];
  for (let round = 0; round < 10; round += 1) {
    heard.push(...(await hundred()));
    memory.push(gateway.usage().memoryMiB);
  }
  const after = await eventually(async () => {
    const retained = await retainedMiB();
    expect(retained - before).toBeLessThan(50);
    return retained;
  }, 200).catch(retainedMiB);

  const statuses = heard.flatMap((one) => one.statuses);
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  console.log(`1,000 hostile requests, seed ${seed}: ${JSON.stringify(counts)}`);
  console.log(`resident MiB: ${before} before, ${memory.join(" ")} after each hundred, ${after} at the end`);
  expect(heard).toHaveLength(1_000);
  expect(heard.filter((one) => one.statuses.some((status) => status >= 500))).toEqual([]);
  expect(statuses.length).toBeGreaterThan(700);
  expect(after - before).toBeLessThan(50);
});
