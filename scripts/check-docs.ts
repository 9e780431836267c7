/** Fails when README or docs name a file, a folder, an npm script or a setting that does not exist. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Written only while Banyan runs or is built: documents may name them. */
const madeAtRun = [/^\.data\//, /^\.next\b/, /^\.build\b/, /^test-results\b/];
/** First parts of a path that make a code span a path of this repository. */
const roots = readdirSync(".").filter((name) => name !== "node_modules");

const scripts = Object.keys((JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object }).scripts);
const settings = readFileSync("env.ts", "utf8");

const problems: string[] = [];
for (const file of documents()) {
  const text = readFileSync(file, "utf8");
  for (const target of linksOf(text)) checkPath(file, path.join(path.dirname(file), target));
  for (const span of text.matchAll(/`([^`\n]+)`/g)) checkSpan(file, span[1] ?? "");
  for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g)) {
    if (!scripts.includes(name ?? "")) problems.push(`${file}: there is no "npm run ${name}"`);
  }
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`docs: ${documents().length} checked, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function documents(): string[] {
  const below = readdirSync("docs", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => path.join(entry.parentPath, entry.name));
  return ["README.md", ...below].filter((file) => existsSync(file));
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target ?? "").split("#")[0] ?? "")
    .filter((target) => target && !/^[a-z]+:/.test(target));
}

/** A code span counts as a path when its first part is a file or folder of the repository; placeholders stop it. */
function checkSpan(file: string, span: string): void {
  const setting = /^([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)(?:=.*)?$/.exec(span)?.[1];
  if (
    setting &&
    !settings.includes(`${setting}:`) &&
    !/^(INNGEST|NODE|TEST|E2E|BENCH|NEXT|LD|FONTCONFIG|ESME)_/.test(setting)
  ) {
    problems.push(`${file}: there is no setting ${setting}`);
  }
  const clean = span.replace(/^#/, "").replace(/:\d+$/, "");
  if (!/^[\w.@/[\]-]+$/.test(clean) || !clean.includes("/")) return;
  const first = clean.split("/")[0] ?? "";
  if (roots.includes(first)) checkPath(file, clean);
}

function checkPath(file: string, target: string): void {
  if (madeAtRun.some((pattern) => pattern.test(target))) return;
  if (!existsSync(target)) problems.push(`${file}: ${target} does not exist`);
}
