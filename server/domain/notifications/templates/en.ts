/** E-mail texts in English. */
import type { Templates } from "#server/domain/notifications/kinds.ts";

export const en: Templates = {
  footer: {
    plain: "You receive this e-mail because you have an account with {product}.",
    withSupport: "You receive this e-mail because you have an account with {product}. Questions: {support}",
  },
  user_invited: {
    subject: "Your invitation to {product}",
    body: [
      "You are invited to {product}. Choose a password to begin.",
      "The link works once, for {hours} hours. If you did not expect it, ignore this e-mail.",
    ],
    action: "Accept the invitation",
  },
  password_reset: {
    subject: "Choose a new password for {product}",
    body: [
      "Somebody asked to reset the password of your account.",
      "The link works once, for {hours} hours. If it was not you, ignore this e-mail: your password stays as it is.",
    ],
    action: "Choose a new password",
  },
  account_locked: {
    subject: "Sign-in to {product} is locked for a while",
    body: [
      "There were several tries to sign in to your account with a wrong password, so it is locked for {minutes} min.",
      "If it was you, wait or reset your password. If it was not, your password is still unknown to whoever tried.",
    ],
    action: "Reset the password",
  },
  sender_review: {
    subject: "Sender name {senderName} waits for your decision",
    body: ["{tenantName} registered the sender name {senderName}. It cannot be used until you approve it."],
    action: "Look at it",
  },
  sender_approved: {
    subject: "Sender name {senderName} is approved",
    body: ["You can send with {senderName} from now on."],
    action: "Open your sender names",
  },
  sender_rejected: {
    subject: "Sender name {senderName} was rejected",
    body: ["{senderName} was not approved. The reason: {reason}", "You can change the registration and ask again."],
    action: "Open your sender names",
  },
  sender_revoked: {
    subject: "Sender name {senderName} was withdrawn",
    body: ["{senderName} can no longer be used for sending. The reason: {reason}"],
    action: "Open your sender names",
  },
  case_opened: {
    subject: "A message with {senderName} waits for your decision",
    body: ["{tenantName} wants to send a message with {senderName} to {recipients} recipients. It waits for you."],
    action: "Open the queue",
  },
  case_approved: {
    subject: "Your message with {senderName} is approved",
    body: ["The content of your message with {senderName} was approved. It goes out as planned."],
    action: "Open the console",
  },
  case_rejected: {
    subject: "Your message with {senderName} was rejected",
    body: ["The content of your message with {senderName} was not approved. The reason: {reason}"],
    action: "Open the console",
  },
  order_nearly_used: {
    subject: "Order {orderName} is nearly used up",
    body: ["Most of order {orderName} is used. Sending stops when it is used up and no other order is active."],
    action: "Open the order",
  },
  order_used_up: {
    subject: "Order {orderName} is used up",
    body: ["Order {orderName} is used up. Without another active order, sending has stopped."],
    action: "Open the order",
  },
  order_expired: {
    subject: "Order {orderName} has expired",
    body: ["Order {orderName} has reached its last day. Without another active order, sending has stopped."],
    action: "Open the order",
  },
  webhook_failing: {
    subject: "Your webhook was switched off: it did not answer",
    body: [
      "The receiver at {address} has not taken a single event for five days, so nothing more is sent to it.",
      "What was not delivered is kept for a week. When the receiver works again, resume the webhook; older messages can be replayed.",
    ],
    action: "Open the webhook",
  },
  webhook_gone: {
    subject: "Your webhook was switched off: its receiver is gone",
    body: ["The receiver at {address} answered that it is gone for good (410), so nothing more is sent to it."],
    action: "Open the webhook",
  },
  tenant_suspended: {
    subject: "Sending of {tenantName} is suspended",
    body: ["Sending of {tenantName} is suspended. The reason: {reason}", "What was queued waits and is not lost."],
    action: "Open the console",
  },
  tenant_resumed: {
    subject: "Sending of {tenantName} is resumed",
    body: ["The suspension of {tenantName} is lifted. What was waiting goes out."],
    action: "Open the console",
  },
};
