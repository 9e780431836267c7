/** What a session is known by: the person, one sign-in of theirs, and the version that all their sessions must have. */

export type Session = { userId: string; sessionId: string; sessionVersion: number };

/** From the last use of a session to its end, in seconds. */
export const sessionLifeS = 7 * 24 * 60 * 60;
