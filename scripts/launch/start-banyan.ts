/** The frame around a run: secrets before settings, one clear line when something is wrong, one exit. */
import type { Mode } from "#scripts/launch/children.ts";
import { openInstallation } from "#scripts/launch/installation.ts";

/** Runs until Ctrl-C or SIGTERM, then exits 0; exits 1 with one line when it cannot start. */
export async function startBanyan(mode: Mode): Promise<void> {
  let release = () => {};
  try {
    const installation = openInstallation(process.env.DATA_DIR || ".data");
    release = installation.release;
    // env.ts reads the environment once, at import: the installation's own secrets must be there by then.
    for (const [name, value] of Object.entries(installation.secrets)) process.env[name] ||= value;
    Object.assign(process.env, { NODE_ENV: mode });
    const { launch } = await import("#scripts/launch/launch.ts");
    await launch(mode, installation);
    release();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`\nBanyan did not start. ${(error as Error).message}\n`);
    release();
    process.exit(1);
  }
}
