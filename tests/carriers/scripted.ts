/** A carrier that misbehaves by script: each PDU that comes in is answered with whatever bytes the script says. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { decode, encode } from "#workers/smpp/codec.ts";
import { Framer } from "#workers/smpp/framer.ts";
import type { Pdu, PduFields } from "#workers/smpp/pdu.ts";

export type Wire = {
  /** Sends a well-formed PDU. */
  send(command: string, status: number, sequence: number, fields?: PduFields): void;
  /** Sends anything. */
  raw(bytes: Buffer): void;
  cut(): void;
};
export type Script = (pdu: Pdu, wire: Wire, carrier: ScriptedCarrier) => void;

export class ScriptedCarrier {
  readonly seen: Pdu[] = [];
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => this.accept(socket));

  private constructor(
    private readonly script: Script,
    private readonly onEnd: (wire: Wire) => void,
  ) {}

  /** @param onEnd told of every connection that is gone, whoever ended it */
  static async start(
    script: Script,
    onEnd: (wire: Wire) => void = () => {},
  ): Promise<{ carrier: ScriptedCarrier; port: number }> {
    const carrier = new ScriptedCarrier(script, onEnd);
    carrier.server.listen(0, "127.0.0.1");
    await once(carrier.server, "listening");
    onTestFinished(() => {
      for (const socket of carrier.sockets) socket.destroy();
      carrier.server.close();
    });
    return { carrier, port: (carrier.server.address() as AddressInfo).port };
  }

  count(command: string): number {
    return this.seen.filter((pdu) => pdu.command === command).length;
  }

  private accept(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    const framer = new Framer();
    const wire: Wire = {
      send: (command, status, sequence, fields = {}) => {
        const bytes = encode(command, status, sequence, fields);
        if (bytes.ok && socket.writable) socket.write(bytes.value);
      },
      raw: (bytes) => socket.write(bytes),
      cut: () => socket.destroy(),
    };
    socket.on("error", () => {});
    socket.on("close", () => {
      this.sockets.delete(socket);
      this.onEnd(wire);
    });
    socket.on("data", (chunk) => {
      for (const bytes of framer.push(chunk).pdus) {
        const pdu = decode(bytes);
        if (!pdu.ok) continue;
        this.seen.push(pdu.value);
        this.script(pdu.value, wire, this);
      }
    });
  }
}

/** Binds, keep-alives and goodbyes as they should be, so that a script shows only its own fault. */
export const wellMannered =
  (onSubmit: Script): Script =>
  (pdu, wire, carrier) => {
    if (pdu.command === "submit_sm") onSubmit(pdu, wire, carrier);
    else if (pdu.command.startsWith("bind_") || pdu.command === "enquire_link" || pdu.command === "unbind") {
      wire.send(`${pdu.command}_resp`, 0, pdu.sequence_number, { system_id: "carrier" });
    }
  };

/** A receipt as most carriers write it, text only. */
export function receiptFor(
  pdu: Pdu,
  carrierId: string,
  state = "DELIVRD",
  extra: PduFields = {},
  error = "000",
): PduFields {
  return {
    source_addr: pdu.destination_addr ?? "",
    destination_addr: pdu.source_addr ?? "",
    esm_class: 0x04,
    short_message: Buffer.from(
      `id:${carrierId} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:${state} err:${error} text:`,
    ),
    ...extra,
  };
}
