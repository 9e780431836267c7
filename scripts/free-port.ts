/** A loopback port that nobody listens on right now. */
import { createServer } from "node:net";

/** @param wanted fails when this one is taken; any port when left out */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** The first of `count` ports in a row that are all free, for settings that count upwards. */
export async function freePortRun(count: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    // Below the ports that the system gives to outgoing connections: there, one that is free now may be taken later.
    const first = 20_000 + Math.floor(Math.random() * 12_000);
    const ports = Array.from({ length: count }, (_, n) => first + n);
    const free = await Promise.all(ports.map((port) => freePort(port).catch(() => null)));
    if (!free.includes(null)) return first;
  }
  throw new Error(`There are no ${count} free ports in a row.`);
}
