"use client";
/** What a partner's answers and receipts mean: where the id, the state and the error stand. */
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { FieldRow, NumberField, SelectField, TextField } from "#app/_ui/form-fields.tsx";
import { ListField } from "#app/_ui/value-fields.tsx";
import { Group } from "#app/console/connectors/connector-fields.tsx";
import { LinesField, PlaceField } from "#app/console/connectors/partner-parts.tsx";
import { RequestFields } from "#app/console/connectors/partner-request.tsx";
import { receiptMeanings } from "#server/domain/routing/http-description.ts";

const at = "description.answer";

export function AnswerGroup() {
  const t = useTranslations("partners");
  return (
    <Group title={t("group.answer")} lead={t("groupLead.answer")}>
      <TextField name={`${at}.statuses`} label={t("statuses")} help={t("help.statuses")} spellCheck={false} />
      <PlaceField name={`${at}.id`} label={t("answerId")} optional />
      <PlaceField name={`${at}.success`} label={t("answerSuccess")} optional />
      <LinesField
        name={`${at}.success.values`}
        label={t("successValues")}
        help={t("help.successValues")}
        placeholder="0"
        rows={2}
        read={(line) => line.trim()}
        write={(value) => value}
        optional
      />
      <PlaceField name={`${at}.error`} label={t("answerError")} optional />
    </Group>
  );
}

const receipts = "description.receipts";
const kinds = ["callback", "poll", "none"] as const;

export function ReceiptsGroup() {
  const t = useTranslations("partners");
  const [kind = "none"] = useWatch({ name: [`${receipts}.kind`] }) as [(typeof kinds)[number]?];
  return (
    <Group title={t("group.receipts")} lead={t("groupLead.receipts")}>
      <SelectField
        name={`${receipts}.kind`}
        label={t("receiptsKind")}
        help={t(`receiptsHelp.${kind}`)}
        options={kinds.map((value) => ({ value, label: t(`receiptsKinds.${value}`) }))}
      />
      {kind === "none" ? null : <TellingFields isCallback={kind === "callback"} />}
    </Group>
  );
}

function TellingFields({ isCallback }: { isCallback: boolean }) {
  const t = useTranslations("partners");
  return (
    <>
      <SelectField
        name={`${receipts}.idIs`}
        label={t("idIs")}
        help={t("help.idIs")}
        options={(["carrier", "ours"] as const).map((value) => ({ value, label: t(`idIsKinds.${value}`) }))}
      />
      {isCallback ? null : (
        <>
          <RequestFields at={receipts} />
          <FieldRow>
            <NumberField name={`${receipts}.everySeconds`} label={t("everySeconds")} help={t("help.everySeconds")} />
            <NumberField name={`${receipts}.attempts`} label={t("attempts")} min={1} max={100} />
          </FieldRow>
        </>
      )}
      {isCallback ? <PlaceField name={`${receipts}.id`} label={t("receiptId")} fields /> : null}
      <PlaceField name={`${receipts}.status`} label={t("receiptStatus")} fields={isCallback} />
      <LinesField
        name={`${receipts}.states`}
        label={t("states")}
        help={t("help.states", { meanings: receiptMeanings.join(", ") })}
        placeholder={"1 = delivered\n16 = undelivered"}
        rows={4}
        read={readState}
        write={({ value, means }) => `${value} = ${means}`}
        optional
      />
      <PlaceField name={`${receipts}.error`} label={t("receiptError")} fields={isCallback} optional />
      {isCallback ? <CallFields /> : null}
    </>
  );
}

function readState(line: string): { value: string; means: string } {
  const at = line.lastIndexOf("=");
  return at < 0
    ? { value: line.trim(), means: "" }
    : { value: line.slice(0, at).trim(), means: line.slice(at + 1).trim() };
}

function CallFields() {
  const t = useTranslations("partners");
  return (
    <>
      <PlaceField name={`${receipts}.to`} label={t("receiptTo")} fields optional />
      <TextField name={`${receipts}.list`} label={t("list")} help={t("help.list")} spellCheck={false} optional />
      <ListField
        name={`${receipts}.allowedIps`}
        label={t("callersAddresses")}
        help={t("help.callersAddresses")}
        rows={2}
        optional
      />
      <FieldRow>
        <NumberField name={`${receipts}.answerStatus`} label={t("answerStatus")} min={200} max={299} />
        <TextField name={`${receipts}.answerType`} label={t("answerType")} spellCheck={false} />
        <TextField name={`${receipts}.answerBody`} label={t("answerBody")} spellCheck={false} optional />
      </FieldRow>
    </>
  );
}
