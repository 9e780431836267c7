/** A day of UTC: days of messages are UTC's, whatever the reader's zone. */
import { DateTime } from "#app/_ui/date-time.tsx";

export function Day({ value }: { value: string | null }) {
  return <DateTime value={value === null ? null : new Date(`${value}T00:00:00Z`)} precision="day" timeZone="UTC" />;
}
