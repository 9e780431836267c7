/**
 * `npm run hostile [pdus] [slow]`: mutated PDUs (100,000) and slow clients (10,000) at the SMPP port, then as many mutated
 * PDUs from a hostile carrier at smpp-client, each beside traffic that has to go on. No process may end, no session may stay
 * deaf, and memory may grow by 50 MB at most; exits 1 otherwise.
 */
import { connect, type Database } from "#db/client.ts";
import { Book } from "#scripts/chaos/book.ts";
import { SmppClients } from "#scripts/chaos/smpp-clients.ts";
import { connectHostile } from "#scripts/hostile/at-client.ts";
import { sendMutated, trickle } from "#scripts/hostile/at-server.ts";
import { residentMib } from "#scripts/hostile/memory.ts";
import { until } from "#scripts/load/campaign.ts";
import { makeLoadChain } from "#scripts/load/chain.ts";
import { type Product, startProduct } from "#scripts/load/product.ts";
import { loadSettings } from "#scripts/load/settings.ts";

const [pdus = 100_000, slow = 10_000] = process.argv.slice(2).map(Number);
const warmUp = 5_000;
const mostGrowthMib = 50;
const patienceMs = 600_000;
/** Neighbours' messages go to other numbers than the hostile carrier's. */
const hostile = { operatorId: "vn-vietnamobile", prefix: "8492" };
const neighboursPrefix = "8498";

const failures: string[] = [];
let number = 3_000_000;

await withProduct(async (product, db) => {
  const callback = { url: `http://127.0.0.1:${product.sinkPort}/`, batchSize: 100 };
  const chain = await makeLoadChain(db, { smsc: null, callback });
  await db.sql`update webhook_endpoints set status = 'paused' where id = ${chain.endpointId}`;
  const quiet = { method: "POST", body: JSON.stringify({ magicNumbers: false }) };
  await fetch(`${product.simulatorControl}/settings`, quiet);
  const port = product.demo.binds[0]?.port ?? 0;
  const book = new Book();
  const neighbour = new SmppClients({ host: "127.0.0.1", port, ...chain }, book);
  const beside = <T>(work: Promise<T>) => besideTraffic(neighbour, book, work);
  const plain = { source_addr: chain.sender, destination_addr: "84981234567", short_message: Buffer.from("Hello.") };
  const target = { port, account: chain, plain };
  await sendMutated(target, warmUp, 7);
  await watch(product, "smpp-server", `${pdus} mutated PDUs`, () => beside(sendMutated(target, pdus)));
  await watch(product, "smpp-server", `${slow} slow clients`, () => beside(trickle(port, slow)));
  const { carrier, isAllBound } = await connectHostile(db, { connectors: 10, binds: 50, ...hostile });
  await watch(product, "smpp-client", `${pdus} mutated PDUs of a carrier`, () =>
    beside(
      (async () => {
        neighbour.add(numbers(500, hostile.prefix));
        carrier.attack(pdus);
        await until("the carrier has sent all", patienceMs, async () => carrier.isDone);
        await until("every bind is up again", patienceMs, isAllBound);
        const { sent, connections, taken } = carrier;
        neighbour.add(numbers(500, hostile.prefix));
        await until("the carrier hears all that comes now", patienceMs, async () => carrier.taken >= taken + 500);
        return { pdus: sent, connections, "taken afterwards": carrier.taken - taken };
      })(),
    ),
  );
  neighbour.stop();
  carrier.close();
});
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(failures.length === 0 ? "hostile: all checks hold" : `hostile: ${failures.length} checks failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function withProduct(work: (product: Product, db: Database) => Promise<void>): Promise<void> {
  const product = await startProduct(loadSettings);
  const db = connect({ url: product.databaseUrl, poolSize: 4, name: "hostile" });
  try {
    await work(product, db);
  } finally {
    await db.close();
    await product.stop();
  }
}

function numbers(count: number, prefix: string): string[] {
  return Array.from({ length: count }, () => `${prefix}${number++}`);
}

/** Ten messages a second meanwhile: all have to be acknowledged, and all of their receipts have to come. */
async function besideTraffic<T>(neighbour: SmppClients, book: Book, work: Promise<T>): Promise<T> {
  const own = new Set<string>();
  const send = () => {
    const more = numbers(10, neighboursPrefix);
    for (const to of more) own.add(to);
    neighbour.add(more);
  };
  const sending = setInterval(send, 1_000);
  const done = await work.finally(() => clearInterval(sending));
  send();
  await until("the neighbour has heard of all of its messages", patienceMs, async () => {
    const ended = [...book.acknowledged.smpp].filter(([id, to]) => own.has(to) && book.receipts.has(id));
    return ended.length === own.size;
  }).catch((error: Error) => failures.push(error.message));
  if (book.unanswered.size > 0) failures.push(`${book.unanswered.size} submits of the neighbour were never answered`);
  return done;
}

async function watch(product: Product, name: string, what: string, attack: () => Promise<object>): Promise<void> {
  const pid = product.processes().get(name) ?? 0;
  const beforeMib = residentMib(pid);
  const fromMs = performance.now();
  const seen = await attack();
  if ("deaf" in seen && seen.deaf !== 0) failures.push(`${seen.deaf} sessions of ${name} were deaf after ${what}`);
  const seconds = ((performance.now() - fromMs) / 1_000).toFixed(1);
  const now = product.processes().get(name);
  if (now !== pid) failures.push(`${name} ended during ${what}`);
  const afterMib = residentMib(now ?? 0);
  if (afterMib - beforeMib >= mostGrowthMib)
    failures.push(`${name} grew by ${afterMib - beforeMib} MiB during ${what}`);
  console.log(`${what} at ${name}: ${seconds} s, ${beforeMib} MiB before, ${afterMib} after, ${JSON.stringify(seen)}`);
}
