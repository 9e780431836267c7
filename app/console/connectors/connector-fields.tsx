"use client";
/** The settings of a connector in groups, each explained; what a carrier rarely asks for stays folded away. */
import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { useFormState, useWatch } from "react-hook-form";
import { Card } from "#app/_ui/card.tsx";
import { CheckboxField, FieldRow, NumberField, SelectField, TextField } from "#app/_ui/form-fields.tsx";
import type { Option } from "#app/_ui/input.tsx";

/** @property keepsPassword one is stored, and an empty box keeps it */
export function ConnectorFields({ keepsPassword }: { keepsPassword: boolean }) {
  return (
    <>
      <AddressGroup keepsPassword={keepsPassword} />
      <BindGroup />
      <FailureGroup />
      <Advanced />
    </>
  );
}

/** Where there is a choice. */
export function OwnerField({ owners }: { owners: Option[] }) {
  const t = useTranslations("routing");
  if (owners.length < 2) return null;
  return <SelectField name="tenantId" label={t("owner")} help={t("help.owner")} options={owners} />;
}

function AddressGroup({ keepsPassword }: { keepsPassword: boolean }) {
  const t = useTranslations("routing");
  return (
    <Group title={t("group.address")} lead={t("groupLead.address")}>
      <TextField name="name" label={t("name")} help={t("help.name")} autoComplete="off" />
      <FieldRow>
        <TextField name="host" label={t("host")} help={t("help.host")} autoComplete="off" spellCheck={false} />
        <NumberField name="port" label={t("port")} min={1} max={65_535} inputMode="numeric" />
      </FieldRow>
      <FieldRow>
        <TextField name="systemId" label={t("systemId")} autoComplete="off" spellCheck={false} maxLength={15} />
        <TextField
          name="password"
          type="password"
          label={t("password")}
          help={t(keepsPassword ? "help.passwordKept" : "help.password")}
          autoComplete="new-password"
          maxLength={8}
          optional={keepsPassword}
        />
      </FieldRow>
      <CheckboxField name="tls" label={t("tls")} help={t("help.tls")} />
    </Group>
  );
}

function BindGroup() {
  const t = useTranslations("routing");
  const [mode] = useWatch({ name: ["bindMode"] }) as [string?];
  return (
    <Group title={t("group.bind")} lead={t("groupLead.bind")}>
      <FieldRow>
        <SelectField
          name="bindMode"
          label={t("bindMode")}
          help={t(mode === "transmitter_receiver" ? "help.transmitter_receiver" : "help.transceiver")}
          options={(["transceiver", "transmitter_receiver"] as const).map((value) => ({
            value,
            label: t(`mode.${value}`),
          }))}
        />
        <NumberField name="bindCount" label={t("bindCount")} help={t("help.bindCount")} min={1} max={64} />
      </FieldRow>
      <FieldRow>
        <NumberField name="maxPerSecond" label={t("maxPerSecond")} help={t("help.maxPerSecond")} min={0} />
        <NumberField name="windowSize" label={t("windowSize")} help={t("help.windowSize")} min={1} max={1_000} />
      </FieldRow>
    </Group>
  );
}

export function FailureGroup() {
  const t = useTranslations("routing");
  const [policy] = useWatch({ name: ["unknownPolicy"] }) as [string?];
  return (
    <Group title={t("group.failures")} lead={t("groupLead.failures")}>
      <SelectField
        name="unknownPolicy"
        label={t("unknownPolicy")}
        help={t(policy === "resend" ? "help.resend" : "help.wait")}
        options={(["wait", "resend"] as const).map((value) => ({ value, label: t(`policy.${value}`) }))}
      />
      <FieldRow>
        <NumberField name="maxAttempts" label={t("maxAttempts")} help={t("help.maxAttempts")} min={1} max={50} />
        <NumberField
          name="receiptTimeoutHours"
          label={t("receiptTimeoutHours")}
          help={t("help.receiptTimeoutHours")}
          min={1}
          max={720}
        />
      </FieldRow>
      <FieldRow>
        <NumberField
          name="failoverAfterSeconds"
          label={t("failoverAfterSeconds")}
          help={t("help.failoverAfterSeconds")}
          min={0}
          max={86_400}
        />
        <NumberField name="maxMoves" label={t("maxMoves")} help={t("help.maxMoves")} min={0} max={10} />
      </FieldRow>
    </Group>
  );
}

const advanced = [
  "systemType",
  "serviceType",
  "gsmDataCoding",
  "sourceTon",
  "sourceNpi",
  "destTon",
  "destNpi",
  "responseTimeoutMs",
  "enquireLinkMs",
  "concatenation",
  "validityFormat",
  "otpPriority",
  "passedTlvs",
];
/** SMPP 3.4, 5.2.5 and 5.2.6: the values by name; the names are the standard's own. */
const ton = ["Unknown", "International", "National", "Network specific", "Subscriber", "Alphanumeric", "Abbreviated"];
const npi: [number, string][] = [
  [0, "Unknown"],
  [1, "ISDN (E.163/E.164)"],
  [3, "Data (X.121)"],
  [4, "Telex (F.69)"],
  [6, "Land mobile (E.212)"],
  [8, "National"],
  [9, "Private"],
  [10, "ERMES"],
  [14, "Internet (IP)"],
  [18, "WAP client id"],
];
const tonOptions: Option[] = ton.map((label, value) => ({ value: String(value), label: `${value} · ${label}` }));
const npiOptions: Option[] = npi.map(([value, label]) => ({ value: String(value), label: `${value} · ${label}` }));

function Advanced() {
  const t = useTranslations("routing");
  const { errors } = useFormState();
  const hasError = advanced.some((name) => name in errors);
  return (
    <details open={hasError || undefined} className="group rounded-lg border border-line bg-canvas shadow-card">
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-lg px-4 py-3.5 font-semibold text-base">
        <ChevronRight className="size-4 text-ink-faint transition-transform group-open:rotate-90" aria-hidden />
        {t("group.advanced")}
        <span className="font-normal text-ink-faint text-sm">{t("groupLead.advanced")}</span>
      </summary>
      <div className="flex flex-col gap-4 px-4 pb-4">
        <FieldRow>
          <SelectField name="sourceTon" label={t("sourceTon")} help={t("help.sourceTon")} options={tonOptions} />
          <SelectField name="sourceNpi" label={t("sourceNpi")} options={npiOptions} />
        </FieldRow>
        <FieldRow>
          <SelectField name="destTon" label={t("destTon")} options={tonOptions} />
          <SelectField name="destNpi" label={t("destNpi")} options={npiOptions} />
        </FieldRow>
        <FieldRow>
          <NumberField
            name="gsmDataCoding"
            label={t("gsmDataCoding")}
            help={t("help.gsmDataCoding")}
            min={0}
            max={255}
          />
          <TextField name="systemType" label={t("systemType")} help={t("help.systemType")} maxLength={12} optional />
          <TextField name="serviceType" label={t("serviceType")} help={t("help.serviceType")} maxLength={5} optional />
        </FieldRow>
        <FieldRow>
          <NumberField
            name="responseTimeoutMs"
            label={t("responseTimeoutMs")}
            help={t("help.responseTimeoutMs")}
            min={500}
          />
          <NumberField name="enquireLinkMs" label={t("enquireLinkMs")} help={t("help.enquireLinkMs")} min={1_000} />
        </FieldRow>
        <LongTexts />
      </div>
    </details>
  );
}

function LongTexts() {
  const t = useTranslations("routing");
  const choices = <K extends string>(values: readonly K[], label: (value: K) => string) =>
    values.map((value) => ({ value, label: label(value) }));
  return (
    <>
      <FieldRow>
        <SelectField
          name="concatenation"
          label={t("concatenation")}
          help={t("help.concatenation")}
          options={choices(["udh8", "udh16", "sar", "payload"], (value) => t(`concatenations.${value}`))}
        />
        <SelectField
          name="validityFormat"
          label={t("validityFormat")}
          help={t("help.validityFormat")}
          options={choices(["relative", "absolute", "none"], (value) => t(`validityFormats.${value}`))}
        />
        <NumberField name="otpPriority" label={t("otpPriority")} help={t("help.otpPriority")} min={0} max={3} />
      </FieldRow>
      <TextField name="passedTlvs" label={t("passedTlvs")} help={t("help.passedTlvs")} spellCheck={false} optional />
    </>
  );
}

export function Group({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const id = useId();
  return (
    <fieldset aria-labelledby={id}>
      <Card title={<span id={id}>{title}</span>} description={lead}>
        <div className="flex flex-col gap-4">{children}</div>
      </Card>
    </fieldset>
  );
}
