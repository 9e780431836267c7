/** JSON bodies as text, strictly: bytes that are no UTF-8 would else be stored, sent and charged as something else. */

/** RFC 8259 section 8.1 knows UTF-8 only; the others are names of it or parts of it. */
const readable = new Set(["utf-8", "utf8", "us-ascii"]);
const strict = new TextDecoder("utf-8", { fatal: true });

/** @returns "charset" when the content type names another charset, "bytes" when it is none of UTF-8 */
export function jsonText(bytes: Uint8Array, contentType: string): { text: string } | { wrong: "charset" | "bytes" } {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
  if (charset && !readable.has(charset.toLowerCase())) return { wrong: "charset" };
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { wrong: "bytes" };
  }
}
