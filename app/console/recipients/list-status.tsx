/** The status of a recipient list, in the colours it has everywhere. */
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#app/_ui/badge.tsx";
import type { RecipientList } from "#server/domain/contacts/scope.ts";

const tones: Record<RecipientList["status"], Tone> = { importing: "info", ready: "success", failed: "danger" };

export function ListStatus({ status }: { status: RecipientList["status"] }) {
  const t = useTranslations("contacts");
  return (
    <Badge tone={tones[status]} dot>
      {t(`listStatus.${status}`)}
    </Badge>
  );
}
