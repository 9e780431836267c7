/** Messages over SMPP from the load client, until it has the last of their receipts. */
import { rounded } from "#scripts/load/figures.ts";
import type { Bench, Measured } from "#scripts/load/measured.ts";

type Shape = { binds: number; window: number };

export async function overSmpp(bench: Bench, messages: number, { binds, window }: Shape): Promise<Measured> {
  const { db, product, tools, chain } = bench;
  // Turned off: a paused one would have all of this to tell in the next scenario that it is active in.
  await db.sql`update webhook_endpoints set status = 'disabled' where id = ${chain.endpointId}`;
  const [bind] = product.demo.binds;
  const result = await tools.esme([
    ...["-addr", `127.0.0.1:${bind?.port}`, "-system-id", chain.systemId, "-password", chain.password],
    ...["-src", chain.sender, "-dest", "8491", "-n", `${messages}`, "-max-time", "170"],
    ...["-conns", `${binds}`, "-window", `${window}`, "-dlr", "-dlr-wait", "60"],
  ]);
  const smsc = await tools.smsc();
  return {
    messages: result.ok,
    seconds: result.dlr.last_s,
    acceptedPerSecond: result.ok_tps,
    latencyMs: rounded(result.resp_ms),
    notes: {
      "receipts missing": result.dlr.missing,
      "twice at SMSC": smsc.duplicates,
      refused: result.sent - result.ok,
    },
  };
}
