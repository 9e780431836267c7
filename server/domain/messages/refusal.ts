/** Why a single message is refused before money is asked: stable codes with what to do about each. */

const messages = {
  invalid_id: "The id must be a UUIDv7 made now: its time chooses where the message is kept.",
  message_id_taken: "This id belongs to another message. Choose a new one.",
  invalid_text: "The message holds a character that no SMS can carry (NUL or half of a surrogate pair).",
  empty_text: "The text is empty.",
  text_too_long: "The text takes more than 10 parts. Shorten it.",
  invalid_number: "This is not a mobile number. Write it with its country code, for example +84912345678.",
  unknown_operator: "The number belongs to no operator that can be reached.",
  tenant_suspended: "Sending is suspended for this account. Contact your provider.",
  sender_not_approved: "This sender name is not approved for your account. Register it first.",
  blocked_content: "The content rules do not allow this text.",
  opted_out: "The recipient has opted out of bulk messages.",
  no_route: "There is no route to this operator at the moment. Contact your provider.",
} as const;

export type RefusalCode = keyof typeof messages;
export const refusalCodes = Object.keys(messages) as RefusalCode[];
/** `code` is one of the above, or what pricing/explain-refusal.ts says about the money. */
export type Refusal = { code: string; message: string };

export const refusal = (code: RefusalCode): Refusal => ({ code, message: messages[code] });
