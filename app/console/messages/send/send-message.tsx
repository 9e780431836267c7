"use client";
/** The form of one message. It is checked and priced first; what is sent then is exactly what was checked. */
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Form } from "#app/_ui/form.tsx";
import {
  CheckboxField,
  ComboboxField,
  FieldRow,
  NumberField,
  SelectField,
  TextareaField,
  TextField,
} from "#app/_ui/form-fields.tsx";
import { freshId } from "#app/_ui/fresh-id.ts";
import { Sendable } from "#app/console/messages/send/sendable.tsx";
import { TextCounter } from "#app/console/messages/send/text-counter.tsx";
import { type SubmitItem, sendMessages, trafficClass } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";

type Checked = { batchId: string; item: SubmitItem; outcome: SubmitOutcome };

/** @property seesMoney without it, the check shows no price */
export function SendMessage({ senders, seesMoney }: { senders: string[]; seesMoney: boolean }) {
  const t = useTranslations("messages");
  const trpc = useTRPC();
  const router = useRouter();
  const [ids] = useState(() => ({ batchId: freshId(), id: freshId() }));
  const [checked, setChecked] = useState<Checked | null>(null);
  const refusalText = useRefusalText();
  const refused = checked?.outcome.status === "refused" ? checked.outcome : null;
  function sent(outcome: SubmitOutcome) {
    if (outcome.status === "refused") {
      setChecked((before) => (before ? { ...before, outcome } : null));
      return;
    }
    toast.success(t(outcome.status === "review" ? "sentToReview" : "sent"));
    router.push(`/console/messages/${outcome.id}`);
  }
  return (
    <>
      <Form
        schema={sendMessages}
        verb={trpc.messages.send.mutationOptions({
          onSuccess: ([outcome], { batchId, items: [item] }) => {
            if (outcome && item) setChecked({ batchId, item, outcome });
          },
        })}
        defaults={{
          batchId: ids.batchId,
          items: [{ id: ids.id, sender: senders[0] ?? "", to: "", text: "", class: "transactional", receipt: false }],
        }}
        prepare={(values) => ({ ...values, dryRun: true })}
        submit={t(seesMoney ? "check" : "checkOnly")}
      >
        <Fields senders={senders} />
        {refused ? (
          <Callout kind="danger" title={t("refused")}>
            {refusalText(refused)}
          </Callout>
        ) : null}
      </Form>
      {checked && !refused ? (
        <Sendable {...checked} seesMoney={seesMoney} onClose={() => setChecked(null)} onSent={sent} />
      ) : null}
    </>
  );
}

function Fields({ senders }: { senders: string[] }) {
  const t = useTranslations("messages");
  return (
    <>
      <FieldRow>
        <ComboboxField
          name="items.0.sender"
          label={t("sender")}
          help={t("senderHelp")}
          options={senders.map((name) => ({ value: name, label: name }))}
        />
        <TextField name="items.0.to" label={t("to")} help={t("toHelp")} type="tel" autoComplete="off" />
      </FieldRow>
      <TextareaField name="items.0.text" label={t("text")} rows={5} />
      <TextCounter name="items.0.text" />
      <SelectField
        name="items.0.class"
        label={t("class")}
        help={t("classHelp")}
        options={trafficClass.options.map((value) => ({ value, label: t(`classes.${value}`) }))}
      />
      <details>
        <summary className="w-fit cursor-pointer rounded text-ink-muted text-sm hover:text-ink">{t("more")}</summary>
        <div className="flex flex-col gap-4 pt-3">
          <FieldRow>
            <TextField
              name="items.0.reference"
              label={t("reference")}
              help={t("referenceHelp")}
              autoComplete="off"
              optional
            />
            <NumberField
              name="items.0.validityMinutes"
              label={t("validity")}
              help={t("validityHelp")}
              min={1}
              max={10_080}
              optional
            />
          </FieldRow>
          <CheckboxField name="items.0.receipt" label={t("receiptWanted")} help={t("receiptWantedHelp")} />
        </div>
      </details>
    </>
  );
}

/** The catalogue's text for a refusal, else the verb's own. */
function useRefusalText() {
  const t = useTranslations("messages");
  return ({ error }: SubmitOutcome): string => {
    if (!error) return t("refusedPlain");
    return t.has(`refusal.${error.code}`) ? t(`refusal.${error.code}`) : error.message;
  };
}
