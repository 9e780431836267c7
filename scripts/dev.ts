/** `npm run dev`: like npm start, with next dev and unbundled workers. */
import { startBanyan } from "#scripts/launch/start-banyan.ts";

await startBanyan("development");
