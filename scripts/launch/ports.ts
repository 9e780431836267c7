/** Before anything starts: every port is asked for once, and free; if not, one line says which and what to do. */
import { createServer } from "node:net";

export type PortNeed = { setting: string; port: number; host: string };

/**
 * @param patienceMs how long a taken port may still become free: the processes of a killed run need a moment to end
 * @throws naming the port and the setting that changes it
 */
export async function checkPorts(needs: PortNeed[], patienceMs: number): Promise<void> {
  const byPort = new Map<number, string>();
  for (const { port, setting } of needs) {
    const other = byPort.get(port);
    if (other) throw new Error(`${other} and ${setting} both ask for port ${port}. Give one of them another port.`);
    byPort.set(port, setting);
  }
  const deadline = Date.now() + patienceMs;
  for (const need of needs) {
    for (;;) {
      const problem = await problemWith(need);
      if (!problem) break;
      if (Date.now() >= deadline || problem !== "EADDRINUSE") throw new Error(explain(need, problem));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function problemWith({ port, host }: PortNeed): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

function explain({ setting, port, host }: PortNeed, problem: string): string {
  const name = setting.split(" ")[0];
  const hint = `start with another one: ${name}=${port < 55_000 ? port + 10_000 : port - 10_000} npm start`;
  if (problem === "EADDRINUSE") return `Port ${port} (${setting}) is taken. Stop what uses it, or ${hint}`;
  if (problem === "EACCES") return `Port ${port} (${setting}) needs more rights than this account has. Better ${hint}`;
  return `Port ${port} (${setting}) cannot be opened on ${host}: ${problem}`;
}
