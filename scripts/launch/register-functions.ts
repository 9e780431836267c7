/** Tells the workflow engine where the functions are: one PUT to our own endpoint, which registers itself. */
import type { Env } from "#env.ts";
import { say } from "#scripts/launch/output.ts";

const patienceMs = 60_000;

/** Keeps trying for a minute: the engine may be another machine's. A failure is told and does not stop the run. */
export async function registerFunctions(settings: Pick<Env, "WEB_PORT">, stop: AbortSignal): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await put(`http://127.0.0.1:${settings.WEB_PORT}/api/inngest`);
    if (answer.ok) return say("workflows registered");
    if (stop.aborted) return;
    if (Date.now() > deadline) return say(`workflows could not be registered: ${answer.text}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function put(url: string): Promise<{ ok: boolean; text: string }> {
  try {
    const response = await fetch(url, { method: "PUT", signal: AbortSignal.timeout(10_000) });
    return { ok: response.ok, text: (await response.text()).slice(0, 300) };
  } catch (error) {
    return { ok: false, text: (error as Error).message };
  }
}
