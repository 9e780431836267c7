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
    else setTimeout(() => response.end(isEnding ? "last words" : "fine"), 5);
  });
  let isEnding = false;
  process.on("SIGTERM", () => {
    isEnding = true;
    server.close(() => process.exit(143));
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

async function start() {
  const imports = ["--import", "./scripts/launch/end-promptly.mjs"];
  const child = spawn(process.execPath, [...imports, "--input-type=module", "--eval", program]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  const end = async () => {
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    return code;
  };
  return { port: Number(line), end };
}

it("ends at once while a caller keeps asking over an open connection", async () => {
  const { port, end } = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers: string[] = [];
  const caller = async () => {
    for (;;) {
      const [answer] = (await once(request({ host: "127.0.0.1", port, agent }).end(), "response")) as [IncomingMessage];
      for await (const text of answer) answers.push(String(text));
      if (answers.length === 3) begun();
    }
  };
  let begun = () => {};
  const isBusy = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const gone = caller().catch((error) => error.code);
  await isBusy;
  expect(await end()).toBe(143);
  expect(await gone).toMatch(/^ECONN(REFUSED|RESET)$/);
  // The one under way at that moment, and one more over the same connection; until it is cut there would be hundreds.
  expect(answers.filter((text) => text === "last words").length).toBeLessThanOrEqual(2);
});

it("cuts an answer that does not end", async () => {
  const { port, end } = await start();
  const open = request({ host: "127.0.0.1", port, path: "/endless" }).end();
  const [answer] = (await once(open, "response")) as [IncomingMessage];
  answer.on("error", () => {}).resume();
  open.on("error", () => {});
  // By itself, not by its last resort: that says 0.
  expect(await end()).toBe(143);
});
