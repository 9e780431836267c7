/** The figures of an imported list: rows taken, and the others by reason. */
import { useTranslations } from "next-intl";
import { Count } from "#app/_ui/money.tsx";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";
import type { ListWithReasons } from "#server/domain/contacts/get-list.ts";

export function ListFigures({ list }: { list: ListWithReasons }) {
  const t = useTranslations("contacts");
  const { invalid = 0, malformed = 0, unknown_operator: unknown = 0 } = list.rejectedByReason;
  return (
    <StatRow>
      <StatTile
        label={t("accepted")}
        value={<Count value={list.acceptedCount} />}
        note={t("ofRows", { rows: list.rowCount })}
      />
      <StatTile
        label={t("figure.invalid")}
        value={<Count value={invalid + malformed} />}
        note={t("figure.invalidNote")}
      />
      <StatTile
        label={t("figure.duplicate")}
        value={<Count value={list.duplicateCount} />}
        note={t("figure.duplicateNote")}
      />
      <StatTile
        label={t("figure.optedOut")}
        value={<Count value={list.optedOutCount} />}
        note={t("figure.optedOutNote")}
      />
      <StatTile label={t("figure.unknown")} value={<Count value={unknown} />} note={t("figure.unknownNote")} />
    </StatRow>
  );
}
