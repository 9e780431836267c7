/** The app's functions become known: it registers them, or it is asked for them by a signed request at the app's own address. */

import { z } from "zod";
import { locks } from "#db/locks.ts";
import { log } from "#server/kernel/log.ts";
import { nextMoment, parseCron } from "./cron.ts";
import { change, type Engine } from "./engine.ts";
import { type FunctionConfig, Refusal, readConfig } from "./function-config.ts";
import { sendSigned } from "./post.ts";
import { limits } from "./settings.ts";
import { canonicalJson, isSignedBy } from "./signature.ts";

/** The body of POST /fn/register, and of the answer to an in-band sync, which names the app differently. */
const registration = z
  .looseObject({
    appName: z.string().min(1).optional(),
    app_id: z.string().min(1).optional(),
    url: z.url(),
    functions: z.array(z.unknown()).max(1000),
  })
  .refine((body) => body.appName ?? body.app_id, "The app has no name.");

const syncTimeoutMs = 10_000;

/**
 * Takes the app's functions as a whole: all of them or, when one is refused, none.
 * @returns whether anything changed
 * @throws Refusal that names the function and the option
 */
export async function register(engine: Engine, body: unknown): Promise<boolean> {
  const parsed = registration.safeParse(body);
  if (!parsed.success) throw new Refusal(parsed.error.issues[0]?.message ?? "The registration is not understood.");
  const { url, functions } = parsed.data;
  const appId = parsed.data.appName ?? parsed.data.app_id ?? "";
  const configs = functions.map(readConfig);
  const taken = configs.find(({ id }) => (engine.catalog.get(id)?.appId ?? appId) !== appId);
  if (taken) throw new Refusal(`Function "${taken.id}" belongs to another app.`);
  const isChanged = await change(engine, async (tx) => {
    await tx.sql`select pg_advisory_xact_lock(${locks.workflowSync}::int)`;
    const known = await tx.sql<{ id: string; config: unknown; url: string }[]>`
      select id, config, url from workflow_functions where app_id = ${appId} and is_active order by id`;
    const wanted = configs.map((config) => ({ id: config.id, config, url }));
    if (canonicalJson(byId(known)) === canonicalJson(byId(wanted))) return false;
    await tx.sql`update workflow_functions set is_active = false where app_id = ${appId}`;
    await tx.sql`
      delete from workflow_crons c using workflow_functions f where f.id = c.function_id and f.app_id = ${appId}
        and not (c.function_id || ' ' || c.expression = any (${cronsOf(configs).map((c) => `${c.id} ${c.cron}`)}::text[]))`;
    const now = engine.clock.now();
    for (const config of configs) {
      await tx.sql`
        insert into workflow_functions (id, app_id, name, config, url, is_active, synced_at)
        values (${config.id}, ${appId}, ${config.name ?? config.id}, ${JSON.stringify(config)}::json, ${url}, true, ${now})
        on conflict (id) do update set app_id = excluded.app_id, name = excluded.name, config = excluded.config,
          url = excluded.url, is_active = true, synced_at = excluded.synced_at`;
    }
    for (const { id, cron } of cronsOf(configs)) {
      const next = nextMoment(parseCron(cron), now);
      if (next) {
        await tx.sql`
          insert into workflow_crons (function_id, expression, next_at) values (${id}, ${cron}, ${next}) on conflict do nothing`;
      }
    }
    return true;
  });
  if (isChanged) {
    await engine.catalog.load(engine.db);
    log.info({ app: appId, functions: configs.length }, "functions synced");
  }
  return isChanged;
}

/**
 * Asks the app for its functions (an in-band sync, signed both ways).
 * @returns null when they are in, otherwise why not
 */
export async function pullFunctions(engine: Engine): Promise<string | null> {
  const { appUrl, signingKey } = engine.settings;
  try {
    const answer = await sendSigned({
      method: "PUT",
      url: appUrl,
      body: canonicalJson({ url: appUrl }),
      headers: { "x-inngest-sync-kind": "in_band" },
      signingKey,
      timeoutMs: syncTimeoutMs,
      maxAnswerBytes: limits.answerBytes,
    });
    if (answer.status !== 200) return `The app answered ${answer.status}: ${answer.body.slice(0, 300)}`;
    if (!isSignedBy(answer.headers["x-inngest-signature"], answer.body, signingKey, Date.now())) {
      return "The app's answer is not signed with our key.";
    }
    await register(engine, JSON.parse(answer.body));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  }
}

const byId = <T extends { id: string }>(list: readonly T[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));

function cronsOf(configs: readonly FunctionConfig[]): { id: string; cron: string }[] {
  return configs.flatMap(({ id, triggers }) =>
    triggers.flatMap((trigger) => ("cron" in trigger ? { id, cron: trigger.cron } : [])),
  );
}
