/** What tshark makes of our traffic: a capture of both SMPP ports on loopback, then every PDU of it and what is malformed. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Outcome, Step } from "#scripts/foreign/place.ts";
import { until } from "#scripts/load/campaign.ts";

const client = "tshark";
const startMs = 20_000;

export type Side = { what: string; port: number };

/** By command id, as the standard numbers them. */
const names: Record<string, string> = {
  "0x00000001": "bind_receiver",
  "0x00000002": "bind_transmitter",
  "0x00000003": "query_sm",
  "0x00000004": "submit_sm",
  "0x00000005": "deliver_sm",
  "0x00000006": "unbind",
  "0x00000009": "bind_transceiver",
  "0x00000015": "enquire_link",
};

export class Capture {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "banyan-capture-"));
  private readonly file = path.join(this.folder, "loopback.pcapng");
  private child: ChildProcess | null = null;
  private refusal = "";
  private said = "";

  constructor(private readonly sides: Side[]) {}

  async start(): Promise<void> {
    const filter = this.sides.map(({ port }) => `tcp port ${port}`).join(" or ");
    const child = spawn("tshark", ["-i", "lo", "-B", "64", "-f", filter, "-w", this.file, "-q"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.on("error", () => {
      this.refusal = "there is no tshark: apt-get install tshark";
    });
    child.stderr.on("data", (data) => {
      this.said += data;
      if (/permission|denied/i.test(String(data))) this.refusal = "this user may not capture on loopback";
    });
    this.child = child;
    const isWriting = () => existsSync(this.file) && statSync(this.file).size > 0;
    await until("tshark captures", startMs, () => Promise.resolve(this.refusal !== "" || isWriting())).catch(() => {
      this.refusal ||= "tshark did not begin to capture";
    });
  }

  async stop(): Promise<Outcome> {
    const outcome: Outcome = { client, steps: [], taken: [] };
    if (this.child && this.child.exitCode === null && !/no tshark/.test(this.refusal)) {
      const exit = once(this.child, "exit");
      this.child.kill("SIGINT");
      await exit;
    }
    try {
      if (this.refusal) return { ...outcome, notInstalled: this.refusal };
      const dropped = Number(/(\d+) packets? dropped/.exec(this.said)?.[1] ?? 0);
      const steps = [{ step: "packets that the capture lost", ok: dropped === 0, seen: `${dropped}` }];
      return { ...outcome, steps: [...steps, ...this.sides.flatMap((side) => this.read(side))] };
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private read({ what, port }: Side): Step[] {
    const ofSide = `tcp.port == ${port}`;
    const commands = this.lines(port, `${ofSide} && smpp`, "smpp.command_id").flatMap((line) => line.split(","));
    const counts = new Map<string, number>();
    for (const id of commands) counts.set(id, (counts.get(id) ?? 0) + 1);
    const seen = [...counts]
      .map(([id, count]) => `${nameOf(id)} ${count}`)
      .sort()
      .join(", ");
    const malformed = this.lines(
      port,
      `${ofSide} && (_ws.malformed || _ws.expert.severity >= "Error")`,
      "frame.number",
    );
    // Octets that belong to no PDU: what the dissector could not place at all. What TCP sent again has been read before.
    const isUnread = "tcp.len > 0 && !smpp && !tcp.reassembled_in && !tcp.analysis.retransmission";
    const stray = this.lines(port, `${ofSide} && ${isUnread}`, "tcp.payload");
    return [
      { step: `${what}: PDUs decoded`, ok: commands.length > 0, seen: `${commands.length}: ${seen}` },
      { step: `${what}: malformed packets`, ok: malformed.length === 0, seen: `${malformed.length}` },
      {
        step: `${what}: octets outside a PDU`,
        ok: stray.length === 0,
        seen: [stray.length, ...stray.slice(0, 1)].join(": "),
      },
    ];
  }

  private lines(port: number, filter: string, field: string): string[] {
    const as = ["-d", `tcp.port==${port},smpp`];
    const words = ["-r", this.file, ...as, "-Y", filter, "-T", "fields", "-E", "separator=,", "-e", field];
    const { stdout, status, stderr } = spawnSync("tshark", words, { encoding: "utf8", maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`tshark: ${stderr}`);
    return stdout.split("\n").filter(Boolean);
  }
}

/** The highest bit says that it is an answer. */
function nameOf(id: string): string {
  const isAnswer = id.startsWith("0x8");
  const name = names[isAnswer ? id.replace("0x8", "0x0") : id] ?? id;
  return isAnswer ? `${name}_resp` : name;
}
