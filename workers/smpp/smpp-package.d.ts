/** Types of the parts of npm `smpp` 0.5.1 that codec.ts uses; the package ships none. */
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

  const smpp: {
    PDU: typeof PDU;
    commands: Record<string, Command>;
    commandsById: Record<number, Command>;
    tlvs: Record<string, Tlv>;
    types: { cstring: FieldType };
  };
  export = smpp;
}
