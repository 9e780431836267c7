/** What our user carries through next-auth beyond its id. */
import "next-auth";
import "next-auth/jwt";

declare module "next-auth" {
  interface User {
    id: string;
    sessionId: string;
    sessionVersion: number;
  }
}

declare module "next-auth/jwt" {
  interface JWT {
    /** The id of the session: one sign-in on one device. */
    sid?: string;
    sessionVersion?: number;
  }
}
