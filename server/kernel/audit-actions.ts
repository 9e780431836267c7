/** Every action that the audit log may name, by room: readers filter by these names, so none is made up on the way. */

/** room → verbs, snake_case. An action that is not here does not compile; one that nothing writes fails a test. */
export const auditActions = {
  branding: ["add_host", "remove_host", "remove_logo", "update", "upload_logo"],
  campaigns: [
    "complete",
    "create",
    "delete",
    "expanded",
    "hold",
    "launch",
    "pause",
    "reject",
    "resume",
    "review",
    "revise",
    "schedule",
    "set_audience",
    "stop",
    "update",
    "withdraw",
  ],
  contacts: ["add_opt_outs", "delete_list", "import_list", "import_opt_outs", "remove_opt_outs", "rename_list"],
  identity: [
    "accept_invitation",
    "change_password",
    "create_user",
    "disable_user",
    "enable_user",
    "invite",
    "lock",
    "request_password_reset",
    "resend_invitation",
    "reset_password",
    "sign_in",
    "sign_out_everywhere",
    "update_profile",
    "update_user",
  ],
  keys: ["create", "revoke", "roll"],
  messages: ["cancel"],
  moderation: ["approve", "create_filter", "delete_filter", "open", "reject", "set_policy"],
  orders: ["activate", "cancel", "close", "create", "sign", "top_up", "update"],
  prices: ["create", "delete", "update"],
  routing: ["create_connector", "create_route", "delete_connector", "delete_route", "update_connector", "update_route"],
  senders: ["approve", "register", "reject", "revoke"],
  smpp: ["create_account", "reset_password", "update_account"],
  tenants: ["create", "resume", "suspend", "update"],
} as const;

type Room = keyof typeof auditActions;
export type AuditAction = { [R in Room]: `${R}.${(typeof auditActions)[R][number]}` }[Room];
