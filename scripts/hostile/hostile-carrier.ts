/** A carrier that is polite until it is told otherwise: then it sends mutated PDUs, also in answer to submits, until it has sent enough. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { carrierModels, generator, mutated, type Random } from "#scripts/hostile/mutate.ts";
import { decode, encode } from "#workers/smpp/codec.ts";
import { Framer } from "#workers/smpp/framer.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";

/** One line hears so many at a time. */
const burst = 50;
const againMs = 20;

export class HostileCarrier {
  sent = 0;
  connections = 0;
  /** Submits that it took after it had become polite. */
  taken = 0;
  private nextId = 1;
  private wanted = 0;
  private readonly random: Random;
  private readonly models = carrierModels();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => this.welcome(socket));

  constructor(seed = 42) {
    this.random = generator(seed);
  }

  /** So many mutated PDUs over all lines, those that are there and those that come. */
  attack(pdus: number): void {
    this.wanted = this.sent + pdus;
    for (const socket of this.sockets) this.rave(socket);
  }

  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  get isDone(): boolean {
    return this.sent >= this.wanted;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private welcome(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    const framer = new Framer();
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("data", (chunk) => {
      for (const bytes of framer.push(chunk).pdus) {
        const pdu = decode(bytes);
        if (pdu.ok) this.answer(socket, pdu.value);
      }
    });
  }

  private answer(socket: Socket, pdu: Pdu): void {
    if (pdu.command.startsWith("bind_")) {
      this.send(socket, pdu, { system_id: "hostile" });
      this.rave(socket);
    } else if (pdu.command === "enquire_link" || pdu.command === "unbind") this.send(socket, pdu, {});
    else if (pdu.command === "submit_sm" && this.isDone) {
      this.taken += 1;
      this.send(socket, pdu, { message_id: `polite-${this.nextId++}` });
    } else if (pdu.command === "submit_sm") {
      // The answer to this very submit, with octets changed.
      const bytes = mutated(this.random, [bytesOf(pdu, { message_id: `rude-${this.nextId++}` })]);
      this.sent += 1;
      socket.write(bytes);
    }
  }

  private send(socket: Socket, pdu: Pdu, fields: object): void {
    if (socket.writable) socket.write(bytesOf(pdu, fields));
  }

  private rave(socket: Socket): void {
    if (!socket.writable || this.isDone) return;
    socket.write(Buffer.concat(Array.from({ length: burst }, () => mutated(this.random, this.models))));
    this.sent += burst;
    setTimeout(() => this.rave(socket), againMs);
  }
}

function bytesOf({ command, sequence_number }: Pdu, fields: object): Buffer {
  const bytes = encode(`${command}_resp`, 0, sequence_number, fields);
  return bytes.ok ? bytes.value : Buffer.alloc(0);
}
