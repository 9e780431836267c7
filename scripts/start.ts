/** `npm start`: everything Banyan needs, behind one address. */
import { startBanyan } from "#scripts/launch/start-banyan.ts";

await startBanyan("production");
