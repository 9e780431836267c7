/** PDUs that no peer should send: well-formed ones with some octets changed, the same at every run with one seed. */
import { encode } from "#workers/smpp/codec.ts";

export type Random = (below: number) => number;

/** Numerical Recipes' generator. */
export function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

/** @throws when the fields cannot be written */
export function whole(command: string, sequence: number, fields = {}, status = 0): Buffer {
  const bytes = encode(command, status, sequence, fields);
  if (!bytes.ok) throw new Error(bytes.reason);
  return bytes.value;
}

/** What a client sends. */
export function clientModels(plain: object): Buffer[] {
  return [
    whole("submit_sm", 2, { ...plain, user_message_reference: 7, message_payload: Buffer.from("payload") }),
    whole("submit_multi", 3, { ...plain, dest_address: [{ destination_addr: "84912345678" }, { dl_name: "x" }] }),
    whole("data_sm", 4, { ...plain, message_payload: Buffer.from("payload") }),
    whole("query_sm", 5, { message_id: "x", source_addr: "ACME" }),
    whole("deliver_sm_resp", 6, { message_id: "" }),
    whole("enquire_link", 7),
  ];
}

/** What a carrier sends. */
export function carrierModels(): Buffer[] {
  const text = "id:1 sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:";
  const receipt = { source_addr: "84912345678", destination_addr: "ACME", esm_class: 4 };
  return [
    whole("deliver_sm", 2, { ...receipt, short_message: Buffer.from(text) }),
    whole("deliver_sm", 3, { ...receipt, receipted_message_id: "1", message_state: 2, user_message_reference: 9 }),
    whole("data_sm", 4, { ...receipt, message_payload: Buffer.from(text) }),
    whole("submit_sm_resp", 5, { message_id: "171000001" }),
    whole("submit_sm_resp", 6, {}, 0x58),
    whole("generic_nack", 7, {}, 3),
    whole("enquire_link", 8),
    whole("enquire_link_resp", 9),
  ];
}

/** One of the models with one to four octets changed. The length only now and then: else nothing but the framer is tried. */
export function mutated(random: Random, models: readonly Buffer[]): Buffer {
  const bytes = Buffer.from(models[random(models.length)] ?? Buffer.alloc(16));
  for (let n = random(4); n >= 0; n -= 1) {
    const at = random(20) === 0 ? random(bytes.length) : 4 + random(bytes.length - 4);
    bytes[at] = random(256);
  }
  return bytes;
}
