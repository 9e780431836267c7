"use client";
/** What a partner's manual says, in groups: where and who, the request with a preview, the answer, the receipts, the speed. */
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { FieldRow, NumberField, SelectField, TextField } from "#app/_ui/form-fields.tsx";
import { FailureGroup, Group } from "#app/console/connectors/connector-fields.tsx";
import { AnswerGroup, ReceiptsGroup } from "#app/console/connectors/partner-answers.tsx";
import { RequestPreview } from "#app/console/connectors/partner-preview.tsx";
import { RequestFields } from "#app/console/connectors/partner-request.tsx";
import { authKinds } from "#server/domain/routing/http-description.ts";

/** @property keepsSecret one is stored, and an empty box keeps it */
export function PartnerFields({ keepsSecret }: { keepsSecret: boolean }) {
  return (
    <>
      <AddressGroup keepsSecret={keepsSecret} />
      <RequestGroup />
      <AnswerGroup />
      <ReceiptsGroup />
      <SpeedGroup />
      <FailureGroup />
    </>
  );
}

function AddressGroup({ keepsSecret }: { keepsSecret: boolean }) {
  const t = useTranslations("partners");
  const routing = useTranslations("routing");
  const [kind = "none"] = useWatch({ name: ["description.auth.kind"] }) as [(typeof authKinds)[number]?];
  const hasUser = kind === "basic" || kind === "oauth" || kind === "template";
  return (
    <Group title={t("group.address")} lead={t("groupLead.address")}>
      <TextField name="name" label={routing("name")} help={routing("help.name")} autoComplete="off" />
      <SelectField
        name="description.auth.kind"
        label={t("auth")}
        help={t(`authHelp.${kind}`)}
        options={authKinds.map((value) => ({ value, label: t(`authKinds.${value}`) }))}
      />
      <FieldRow>
        {hasUser ? (
          <TextField
            name="description.auth.user"
            label={t(kind === "oauth" ? "clientId" : "user")}
            autoComplete="off"
            spellCheck={false}
          />
        ) : null}
        {kind === "header" || kind === "query" ? (
          <TextField name="description.auth.name" label={t(`nameOf.${kind}`)} autoComplete="off" spellCheck={false} />
        ) : null}
        {kind === "none" ? null : (
          <TextField
            name="secret"
            type="password"
            label={t("secret")}
            help={t(keepsSecret ? "help.secretKept" : "help.secret")}
            autoComplete="new-password"
            optional={keepsSecret}
          />
        )}
      </FieldRow>
      {kind === "oauth" ? (
        <FieldRow>
          <TextField name="description.auth.tokenUrl" label={t("tokenUrl")} type="url" spellCheck={false} />
          <TextField name="description.auth.scope" label={t("scope")} spellCheck={false} optional />
        </FieldRow>
      ) : null}
    </Group>
  );
}

function RequestGroup() {
  const t = useTranslations("partners");
  return (
    <Group title={t("group.request")} lead={t("groupLead.request")}>
      <RequestFields at="description" />
      <Placeholders />
      <RequestPreview />
    </Group>
  );
}

const shownPlaceholders = [
  "to",
  "from",
  "text",
  "id",
  "parts",
  "encoding",
  "unicode",
  "data_coding",
  "coding",
  "text_hex",
  "class",
  "validity",
  "validity_seconds",
  "valid_until",
  "timestamp",
  "user",
  "secret",
] as const;

function Placeholders() {
  const t = useTranslations("partners");
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-ink-muted">{t("placeholders")}</summary>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 pt-2">
        {shownPlaceholders.map((name) => (
          <div key={name} className="contents">
            <dt className="font-mono text-xs leading-5">{`{${name}}`}</dt>
            <dd className="text-ink-muted">{t(`placeholder.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function SpeedGroup() {
  const t = useTranslations("partners");
  const routing = useTranslations("routing");
  return (
    <Group title={t("group.speed")} lead={t("groupLead.speed")}>
      <FieldRow>
        <NumberField name="maxPerSecond" label={routing("maxPerSecond")} help={t("help.maxPerSecond")} min={0} />
        <NumberField name="windowSize" label={t("windowSize")} help={t("help.windowSize")} min={1} max={200} />
        <NumberField
          name="responseTimeoutMs"
          label={routing("responseTimeoutMs")}
          help={routing("help.responseTimeoutMs")}
          min={500}
          max={120_000}
        />
      </FieldRow>
    </Group>
  );
}
