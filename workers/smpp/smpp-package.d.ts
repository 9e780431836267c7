/** Types of the parts of npm `smpp` 0.5.1 that package-codec.ts uses; the package ships none. */
declare module "smpp" {
  type FieldType = {
    read(buffer: Buffer, offset: number, length?: number): unknown;
    write(value: unknown, buffer: Buffer, offset: number): void;
    size(value: unknown): number;
  };
  type Tlv = { id: number; type: FieldType; multiple?: boolean };
  type Command = { id: number; command: string; params?: Record<string, { type: FieldType; default?: unknown }> };

  class PDU {
    static maxLength: number;
    constructor(commandOrBytes: string | Buffer, fields?: object);
    command: string;
    command_id: number;
    command_status: number;
    sequence_number: number;
    toBuffer(): Buffer;
    protected _filter(direction: string): void;
  }

  type Answer = { command_status: number; message_id?: string };
  /** Its client, which tests use as one that was not made here. */
  type ClientSession = import("node:events").EventEmitter & {
    on(event: "deliver_sm", listener: (pdu: { receipted_message_id?: string; response(): object }) => void): unknown;
    send(pdu: object): void;
    close(): void;
  } & Record<"bind_transceiver" | "submit_sm" | "unbind", (fields: object, onAnswer: (answer: Answer) => void) => void>;

  const smpp: {
    connect(options: { url: string }): ClientSession;
    PDU: typeof PDU;
    commands: Record<string, Command>;
    commandsById: Record<number, Command>;
    tlvs: Record<string, Tlv>;
    types: { cstring: FieldType };
    /** Its own tables, which tests hold against ours. ASCII is GSM 03.38. */
    encodings: Record<"ASCII" | "UCS2", { decode(bytes: Buffer): string }>;
  };
  export = smpp;
}
