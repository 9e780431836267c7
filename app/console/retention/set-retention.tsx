"use client";
/** Changes how long days are kept, and says before it is done what would go. */
import { useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { NumberField } from "#app/_ui/form-fields.tsx";
import { ByteSize } from "#app/console/retention/byte-size.tsx";
import { Day } from "#app/console/retention/day.tsx";
import { leastKeepDays, type RetentionPolicy, retentionPolicy } from "#server/domain/retention/input.ts";

const kinds = ["messages", "history", "receipts"] as const;

export function SetRetention({ policy }: { policy: RetentionPolicy }) {
  const t = useTranslations("retention");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("setTitle")}
      description={t("setLead", { least: leastKeepDays })}
      trigger={<Button icon={<CalendarClock aria-hidden />}>{t("set")}</Button>}
      schema={retentionPolicy}
      verb={trpc.retention.set.mutationOptions()}
      defaults={policy}
      prepare={withForever}
      submit={ui("save")}
      success={ui("saved")}
    >
      {kinds.map((kind) => (
        <NumberField
          key={kind}
          name={kind}
          label={t(`kinds.${kind}`)}
          help={t(`kindsHelp.${kind}`)}
          min={leastKeepDays}
          step={1}
          optional
        />
      ))}
      <TryOut />
    </FormDialog>
  );
}

/** An empty field is for ever. */
const withForever = (values: RetentionPolicy): RetentionPolicy => ({
  messages: values.messages ?? null,
  history: values.history ?? null,
  receipts: values.receipts ?? null,
});

/** A dry run of what stands in the form. */
function TryOut() {
  const t = useTranslations("retention");
  const trpc = useTRPC();
  const values = useWatch() as RetentionPolicy;
  const parsed = retentionPolicy.safeParse(withForever(values));
  const query = useQuery(
    trpc.retention.get.queryOptions(
      { tryOut: parsed.data },
      { enabled: parsed.success, placeholderData: (was) => was },
    ),
  );
  const next = query.data?.next;
  if (!parsed.success || !next) return null;
  if (next.partitions === 0) return <Callout kind="info">{t("dropsNothing")}</Callout>;
  return (
    <Callout kind="warning">
      {t.rich("drops", {
        count: next.partitions,
        size: () => <ByteSize value={next.bytes} />,
        oldest: () => <Day value={next.oldest} />,
        newest: () => <Day value={next.newest} />,
      })}
    </Callout>
  );
}
