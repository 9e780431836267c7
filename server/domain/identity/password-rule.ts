/** What a new password must be: shared with the forms, so it imports no hashing. */
import { z } from "zod";

/** Long enough to resist guessing within the lock-out's budget; no composition rules (NIST SP 800-63B, 3.1.1.2). */
export const newPassword = z.string().min(10, "Use at least 10 characters.").max(200);
