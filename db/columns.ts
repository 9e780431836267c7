/** Column helpers shared by every table, so that ids, times and money look the same everywhere. */
import { bigint, timestamp, uuid } from "drizzle-orm/pg-core";

/** A UUIDv7 chosen by the caller before the call, never by the database. */
export const id = () => uuid().primaryKey();

/** Micro-units of a currency (1 EUR = 1,000,000), or a count of parts: always bigint, never a float. */
export const micros = () => bigint({ mode: "bigint" });

/** A point in time with zone, as a Date. */
export const moment = () => timestamp({ withTimezone: true, mode: "date" });

export const createdAt = () => moment().notNull().defaultNow();
export const updatedAt = () => moment().notNull().defaultNow();
