"use client";
/** What the check found – parts, operator, price – and the button that sends. */
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Facts } from "#app/_ui/card.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Count, Money } from "#app/_ui/money.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import type { SubmitItem } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";

type SendableProps = {
  batchId: string;
  item: SubmitItem;
  outcome: SubmitOutcome;
  seesMoney: boolean;
  onClose: () => void;
  onSent: (outcome: SubmitOutcome) => void;
};

export function Sendable({ batchId, item, outcome, seesMoney, onClose, onSent }: SendableProps) {
  const t = useTranslations("messages");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const { run, isPending } = useVerb(trpc.messages.send.mutationOptions(), {
    onDone: ([sent]) => sent && onSent(sent),
  });
  const [price] = outcome.prices;
  const { data: operators } = useQuery(trpc.routing.operators.queryOptions());
  const operator = operators?.find((row) => row.id === outcome.operatorId)?.name ?? outcome.operatorId;
  return (
    <Dialog
      title={t("readyTitle")}
      description={t("readyLead", { to: `+${outcome.to}`, sender: item.sender })}
      open
      onOpenChange={(open) => {
        if (!open && !isPending) onClose();
      }}
    >
      <div className="flex flex-col gap-4">
        {outcome.status === "review" ? <Callout kind="warning">{t("willBeReviewed")}</Callout> : null}
        <p className="max-h-40 overflow-y-auto whitespace-pre-wrap break-words rounded-md bg-subtle px-3 py-2 text-base text-ink">
          {item.text}
        </p>
        <Facts
          facts={[
            ...(seesMoney
              ? [
                  {
                    label: t("price"),
                    value: price ? <Money micros={price.totalMicros} currency={price.currency} /> : "–",
                  },
                ]
              : []),
            { label: t("parts"), value: <Count value={outcome.parts} /> },
            { label: t("encodingLabel"), value: t(`encoding.${outcome.encoding}`) },
            { label: t("operator"), value: operator ?? "–" },
          ]}
        />
        {price || !seesMoney ? null : <p className="text-ink-faint text-sm">{t("noPrice")}</p>}
        <div className="flex flex-row-reverse justify-start gap-2">
          <Button look="primary" busy={isPending} onClick={() => run({ batchId, items: [item] })}>
            {t("sendNow")}
          </Button>
          <Button onClick={onClose} disabled={isPending}>
            {ui("back")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
