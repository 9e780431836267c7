/** Clients in other languages: each is a program that writes one line of JSON a step. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { environmentOf, type Outcome, type Place, type Step, type Taken } from "#scripts/foreign/place.ts";

const runTimeoutMs = 240_000;
const here = import.meta.dirname;
const jars = ".data/foreign/jsmpp";

/** FOREIGN_PYTHON names the interpreter of an environment with smpplib. */
export function drivePython(place: Place): Promise<Outcome> {
  const python = process.env.FOREIGN_PYTHON ?? "python3";
  const client = "smpplib (Python)";
  if (spawnSync(python, ["-c", "import smpplib.client"]).status !== 0) {
    return missing(client, `${python} has no smpplib: pip install smpplib, and name the interpreter in FOREIGN_PYTHON`);
  }
  return drive(client, python, [path.join(here, "smpplib-client.py")], place);
}

/** Maven fetches the libraries once, into .data/foreign. */
export function driveJava(place: Place): Promise<Outcome> {
  const client = "jSMPP (Java)";
  if (spawnSync("java", ["-version"]).status !== 0) return missing(client, "there is no java");
  if (!fetchJars()) return missing(client, "Maven is not there, or could not fetch jSMPP");
  const source = path.join(here, "jsmpp/JsmppClient.java");
  return drive(client, "java", ["-Dfile.encoding=UTF-8", "-cp", `${jars}/*`, source], place);
}

const missing = (client: string, notInstalled: string): Promise<Outcome> =>
  Promise.resolve({ client, steps: [], taken: [], notInstalled });

function fetchJars(): boolean {
  mkdirSync(jars, { recursive: true });
  if (readdirSync(jars).length > 0) return true;
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
  const flags = ["-q", "-f", path.join(here, "jsmpp/pom.xml"), goal, `-DoutputDirectory=${path.resolve(jars)}`];
  return spawnSync("mvn", flags, { timeout: runTimeoutMs }).status === 0;
}

async function drive(client: string, command: string, words: string[], place: Place): Promise<Outcome> {
  const env = { ...process.env, ...environmentOf(place) };
  const child = spawn(command, words, { env, stdio: ["ignore", "pipe", "pipe"], timeout: runTimeoutMs });
  const outcome: Outcome = { client, steps: [], taken: [] };
  let said = "";
  child.stderr.on("data", (data) => {
    said = `${said}${data}`.slice(-2_000);
  });
  const closed = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) {
    const read = JSON.parse(line) as Step | Taken;
    if ("sent" in read) outcome.taken.push(read);
    else outcome.steps.push(read);
  }
  const [code] = await closed;
  if (code !== 0) outcome.steps.push({ step: "runs to its end", ok: false, seen: `exit code ${code}: ${said}` });
  return outcome;
}
