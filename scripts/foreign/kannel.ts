/** Kannel as a client: bearerbox bound to our SMPP server, and as a caller of our HTTP API, driven through its smsbox. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  freshNumbers,
  type Outcome,
  type Place,
  type Step,
  type Taken,
  type TextName,
  textOf,
} from "#scripts/foreign/place.ts";
import { freePortRun } from "#scripts/free-port.ts";
import { until } from "#scripts/load/campaign.ts";

const client = "Kannel (C)";
/** Kinds of Kannel's reports. */
const delivered = "1";
const takenBySmsc = "8";
const waitMs = 60_000;

export async function driveKannel(place: Place): Promise<Outcome> {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  if (spawnSync("bearerbox", ["--version"], { env }).error) {
    return { client, steps: [], taken: [], notInstalled: "there is no bearerbox: apt-get install kannel" };
  }
  const folder = mkdtempSync(path.join(tmpdir(), "banyan-kannel-"));
  const ports = await freePortRun(3);
  const told = new Map<string, string>();
  const sink = await receiptSink(told);
  writeFileSync(path.join(folder, "kannel.conf"), configuration(place, ports, folder));
  const children: ChildProcess[] = [];
  const start = (name: string) => {
    const child = spawn(name, ["-v", "4", path.join(folder, "kannel.conf")], { env, stdio: "ignore" });
    children.push(child);
  };
  try {
    start("bearerbox");
    await until("bearerbox listens", waitMs, () => answers(`http://127.0.0.1:${ports}/status.txt?password=foreign`));
    start("smsbox");
    await until("smsbox listens", waitMs, () => answers(`http://127.0.0.1:${ports + 2}/`));
    const sinkPort = (sink.address() as AddressInfo).port;
    return await converse({ place, ports, sinkPort, told, log: path.join(folder, "bearerbox.log") });
  } finally {
    for (const child of children.reverse()) await end(child);
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Conversation = { place: Place; ports: number; sinkPort: number; told: Map<string, string>; log: string };

async function converse(kannel: Conversation): Promise<Outcome> {
  const { place, ports, told, log } = kannel;
  const steps: Step[] = [];
  const step = (what: string, ok: boolean, seen = "") => steps.push({ step: what, ok, seen });
  const status = async () => (await fetch(`http://127.0.0.1:${ports}/status.txt?password=foreign`)).text();
  const isOnline = async () => /\bours\b.*online/.test(await status());
  step("binds as transceiver", await holds("Kannel is online", isOnline));
  const isRefused = async () => /SMPP\[wrong\].*Invalid Password/i.test(readFileSync(log, "utf8"));
  step("wrong password is refused, and Kannel says so", await holds("the refusal", isRefused));
  const numbers = freshNumbers(10);
  const sent = new Map<string, TextName>();
  for (const name of ["gsm", "unicode", "long_gsm", "long_unicode"] as const) {
    const to = numbers.pop() ?? "";
    const answer = await send(kannel, { to, text: textOf(name), smsc: "ours" });
    sent.set(to, name);
    step(`SMPP: ${name}`, answer.startsWith("0: Accepted"), answer);
  }
  const deliveredOnes = () => [...sent.keys()].filter((to) => told.get(to) === delivered);
  const areAll = await holds("the receipts", () => Promise.resolve(deliveredOnes().length === sent.size));
  step("SMPP: receipts say delivered", areAll, `${deliveredOnes().length} of ${sent.size}`);
  const to = numbers.pop() ?? "";
  await send(kannel, { to, text: textOf("gsm"), smsc: "http" });
  sent.set(to, "gsm");
  const isTaken = () => Promise.resolve(told.get(to) === takenBySmsc);
  step("HTTP: a text through smsc = http", await holds("the answer", isTaken), `dlr ${told.get(to) ?? "none"}`);
  const taken: Taken[] = [];
  for (const [number, text] of sent) taken.push({ sent: await idOf(place, number), text });
  return { client, steps, taken };
}

/** Kannel does not tell its own callers our ids. */
async function idOf({ api, key }: Place, number: string): Promise<string> {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${api}/api/v1/messages?search=${number}`, { headers });
  const { items } = (await answer.json()) as { items: { id: string }[] };
  return items.length === 1 ? (items[0]?.id ?? "") : `${items.length} messages to ${number}`;
}

type Message = { to: string; text: string; smsc: string };

async function send({ place, ports, sinkPort }: Conversation, { to, text, smsc }: Message): Promise<string> {
  // Kannel does not choose UCS-2 by itself.
  const isUnicode = [...text].some((letter) => (letter.codePointAt(0) ?? 0) > 127);
  const query = new URLSearchParams({
    ...{ username: "foreign", password: "foreign", from: place.sender, to, text, smsc, charset: "UTF-8" },
    ...{ coding: isUnicode ? "2" : "0", "dlr-mask": "31" },
    "dlr-url": `http://127.0.0.1:${sinkPort}/?to=${to}&type=%d`,
  });
  return (await fetch(`http://127.0.0.1:${ports + 2}/cgi-bin/sendsms?${query}`)).text();
}

/** Kannel calls for each receipt; the last kind of each number counts. */
async function receiptSink(told: Map<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://sink");
    told.set(searchParams.get("to") ?? "", searchParams.get("type") ?? "");
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function configuration(place: Place, ports: number, folder: string): string {
  const group = (name: string, settings: Record<string, string | number>) =>
    [`group = ${name}`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`)].join("\n");
  const link = {
    ...{ smsc: "smpp", host: place.host, port: place.port, "smsc-username": place.systemId },
    ...{ "system-type": '""', "transceiver-mode": "true", "enquire-link-interval": 5, "my-number": place.sender },
    ...{ "source-addr-autodetect": "true", "dest-addr-ton": 1, "dest-addr-npi": 1 },
  };
  const query = `key=${place.key}&from=${place.sender}&to=%p&text=%b`;
  return `${[
    group("core", {
      ...{ "admin-port": ports, "admin-password": "foreign", "smsbox-port": ports + 1, "box-allow-ip": '"127.0.0.1"' },
      ...{ "log-file": path.join(folder, "bearerbox.log"), "log-level": 0, "dlr-storage": "internal" },
    }),
    group("smsc", { ...link, "smsc-id": "ours", "allowed-smsc-id": "ours", "smsc-password": place.password }),
    group("smsc", {
      ...link,
      "smsc-id": "wrong",
      "allowed-smsc-id": "wrong",
      "smsc-password": "wrong",
      "reconnect-delay": 600,
    }),
    group("smsc", {
      ...{
        smsc: "http",
        "smsc-id": "http",
        "allowed-smsc-id": "http",
        "system-type": "generic",
        port: ports + 3,
        "connect-allow-ip": '"127.0.0.1"',
      },
      "send-url": `"${place.api}/api/send?${query}"`,
      // They are held against the body, in this order.
      ...{ "status-success-regex": '"^(queued|review) "', "status-permfail-regex": '"^refused "' },
    }),
    group("smsbox", {
      "bearerbox-host": "127.0.0.1",
      "sendsms-port": ports + 2,
      "log-file": path.join(folder, "smsbox.log"),
    }),
    group("sendsms-user", {
      ...{ username: "foreign", password: "foreign", "forced-smsc": "", concatenation: "true", "max-messages": 10 },
      "default-sender": place.sender,
    }),
  ]
    .map((text) => text.replace("forced-smsc = \n", ""))
    .join("\n\n")}\n`;
}

const answers = async (url: string): Promise<boolean> => (await fetch(url)).status > 0;
const holds = (what: string, isTrue: () => Promise<boolean>): Promise<boolean> =>
  until(what, waitMs, isTrue).then(
    () => true,
    () => false,
  );

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGINT");
  await exit;
}
