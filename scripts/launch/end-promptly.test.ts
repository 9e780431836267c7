/** A server that only waits for its connections ends soon all the same. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { expect, it, onTestFinished } from "vitest";

/** As `next start` does it. */
const program = `
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => {
    if (request.url === "/endless") response.write("…");
    else setTimeout(() => response.end("fine"), 5);
  });
  process.on("SIGTERM", () => server.close(() => process.exit(143)));
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

async function start() {
  const imports = ["--import", "./scripts/launch/end-promptly.mjs"];
  const child = spawn(process.execPath, [...imports, "--input-type=module", "--eval", program]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  const end = async () => {
    const fromMs = performance.now();
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    return { code, ms: performance.now() - fromMs };
  };
  return { port: Number(line), end };
}

it("ends at once while a caller keeps asking over an open connection", async () => {
  const { port, end } = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let answered = 0;
  const caller = async () => {
    for (;;) {
      const [answer] = (await once(request({ host: "127.0.0.1", port, agent }).end(), "response")) as [IncomingMessage];
      for await (const _ of answer) answered += 1;
      if (answered === 3) begun();
    }
  };
  let begun = () => {};
  const isBusy = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const gone = caller().catch((error) => error.code);
  await isBusy;
  const { code, ms } = await end();
  expect(code).toBe(143);
  expect(ms).toBeLessThan(3_000);
  expect(await gone).toMatch(/^ECONN(REFUSED|RESET)$/);
});

it("cuts an answer that does not end", async () => {
  const { port, end } = await start();
  const open = request({ host: "127.0.0.1", port, path: "/endless" }).end();
  const [answer] = (await once(open, "response")) as [IncomingMessage];
  answer.on("error", () => {}).resume();
  open.on("error", () => {});
  const { code, ms } = await end();
  expect(code).toBe(143);
  expect(ms).toBeLessThan(9_000);
}, 20_000);
