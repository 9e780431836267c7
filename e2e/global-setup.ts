/** Before the journeys: the whole product, started as anybody starts it, on ports and data of its own. */
import { encryptionKeyOf, startProduct } from "#scripts/load/product.ts";

/**
 * Sets E2E_BASE_URL and what else of the product the tests need to know; its return value stops the product and expects
 * a clean exit. Where E2E_BASE_URL and E2E_DATA_DIR are set already, journeys go through the product that runs there.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.E2E_BASE_URL && process.env.E2E_DATA_DIR) return async () => {};
  const product = await startProduct();
  process.env.E2E_DATA_DIR = product.dataDir;
  process.env.E2E_BASE_URL = product.baseUrl;
  process.env.E2E_SUPERVISOR = String(product.supervisor);
  process.env.E2E_SIMULATOR_CONTROL = product.simulatorControl;
  process.env.E2E_SINK_PORT = String(product.sinkPort);
  // Journeys that set things up by verbs of their own do so as this installation.
  const { host, port } = product.demo.simulator;
  process.env.ENCRYPTION_KEY = encryptionKeyOf(product.dataDir);
  process.env.OUTBOUND_PRIVATE = `${host}:${port},127.0.0.1:${product.sinkPort}`;
  return () => product.stop();
}
