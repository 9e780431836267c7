/** Moments that callers may name: of this century, so that no calendar and no sum of days is left. Pure zod. */
import { z } from "zod";

const first = new Date("2000-01-01T00:00:00Z");
const last = new Date("2100-01-01T00:00:00Z");
const isNear = (moment: Date): boolean => moment >= first && moment <= last;

export const moment = z.date().refine(isNear, "Use a date between the years 2000 and 2100.");
/** From text or a number, too. */
export const coercedMoment = z.coerce.date().refine(isNear, "Use a date between the years 2000 and 2100.");
