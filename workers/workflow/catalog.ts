/** The functions that are served now, by id and by the event that starts them. Read from the database at start and after a sync. */
import type { Database } from "#db/client.ts";
import { type Comparison, parseCondition } from "./expression.ts";
import { type FunctionConfig, readConfig } from "./function-config.ts";

export type ServedFunction = { id: string; appId: string; url: string; config: FunctionConfig };
type Trigger = { served: ServedFunction; condition: Comparison[] };

export class Catalog {
  #byId = new Map<string, ServedFunction>();
  #byEvent = new Map<string, Trigger[]>();

  /** Functions taken out of the app start no new runs, but runs under way may still be called. */
  async load(db: Database): Promise<void> {
    const rows = await db.sql<{ id: string; appId: string; url: string; config: unknown; isActive: boolean }[]>`
      select id, app_id as "appId", url, config, is_active as "isActive" from workflow_functions`;
    const byId = new Map<string, ServedFunction>();
    const byEvent = new Map<string, Trigger[]>();
    for (const row of rows) {
      const served = { id: row.id, appId: row.appId, url: row.url, config: readConfig(row.config) };
      byId.set(row.id, served);
      if (!row.isActive) continue;
      for (const trigger of served.config.triggers) {
        if (!("event" in trigger)) continue;
        const condition = trigger.expression ? parseCondition(trigger.expression, ["event"]) : [];
        byEvent.set(trigger.event, [...(byEvent.get(trigger.event) ?? []), { served, condition }]);
      }
    }
    this.#byId = byId;
    this.#byEvent = byEvent;
  }

  get(id: string): ServedFunction | undefined {
    return this.#byId.get(id);
  }

  triggeredBy(eventName: string): readonly Trigger[] {
    return this.#byEvent.get(eventName) ?? [];
  }
}
