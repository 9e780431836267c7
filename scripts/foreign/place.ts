/** What a foreign client is told: where to bind, as whom, to which numbers, and the texts that must arrive unchanged. */
import type { Product } from "#scripts/load/product.ts";

export type Place = {
  host: string;
  port: number;
  systemId: string;
  password: string;
  sender: string;
  api: string;
  key: string;
};
export type Step = { step: string; ok: boolean; seen: string };
/** A message that was taken, and which text it must have. */
export type Taken = { sent: string; text: TextName };
export type Outcome = { client: string; steps: Step[]; taken: Taken[]; notInstalled?: string };

export const texts = {
  GSM: "Your parcel is on its way. Track it at example.com/p/4711",
  UNICODE: "Đơn hàng của bạn đang trên đường đến 🚚",
  LONG_GSM: Array.from({ length: 20 }, (_, n) => `Line ${n + 1} of a long text in GSM.`).join(" "),
  LONG_UNICODE: Array.from({ length: 8 }, (_, n) => `Dòng ${n + 1}: chúc mừng năm mới 🎉`).join(" "),
} as const;
export type TextName = "gsm" | "unicode" | "long_gsm" | "long_unicode";

export const textOf = (name: TextName): string => texts[name.toUpperCase() as keyof typeof texts];

export function placeOf(product: Product): Place {
  const [bind] = product.demo.binds;
  const key = product.demo.apiKeys.find((one) => one.tenant === bind?.tenant);
  if (!bind || !key) throw new Error("The demo has no program that sends.");
  const { host, port, systemId, password, sender } = bind;
  return {
    host,
    port,
    systemId,
    password,
    sender,
    api: product.baseUrl.replace("localhost", "127.0.0.1"),
    key: key.key,
  };
}

/** Vietnamese numbers that no other client gets, none of them one of the simulated carrier's magic numbers. */
export function freshNumbers(count: number): string[] {
  const first = Math.floor(Math.random() * 800_000);
  return Array.from({ length: count }, (_, n) => `8491${String(first + n).padStart(6, "0")}5`);
}

/** For programs in other languages. */
export function environmentOf(place: Place): Record<string, string> {
  return {
    PLACE_HOST: place.host,
    PLACE_PORT: String(place.port),
    PLACE_SYSTEM_ID: place.systemId,
    PLACE_PASSWORD: place.password,
    PLACE_SENDER: place.sender,
    PLACE_API: place.api,
    PLACE_KEY: place.key,
    PLACE_NUMBERS: freshNumbers(60).join(","),
    ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [`TEXT_${name}`, text])),
    // Java reads its environment in the locale's charset.
    LC_ALL: "C.UTF-8",
  };
}
