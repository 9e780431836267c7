"use client";
/** Says what one of a carrier's error codes means, and takes such a line off the table. */
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { FieldRow, SelectField, TextField } from "#app/_ui/form-fields.tsx";
import { errorReason, errorVerdict, type SetConnectorError, setConnectorError } from "#server/domain/routing/input.ts";

export function SetError({ connectorId, kind }: { connectorId: string; kind: "smpp" | "http" }) {
  const t = useTranslations("routing");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("setError")}
      description={t("setErrorLead")}
      trigger={<Button icon={<Plus aria-hidden />}>{t("setError")}</Button>}
      schema={setConnectorError}
      verb={trpc.routing.setConnectorError.mutationOptions()}
      defaults={{ connectorId, kind: "submit", verdict: "retry_later" }}
      prepare={withWholes}
      submit={t("setErrorSubmit")}
      success={(rule) => t("errorSet", { code: rule.code })}
    >
      <ErrorFields isHttp={kind === "http"} />
    </FormDialog>
  );
}

/** A receipt ends its message, so there is nothing to choose; an empty choice is no reason. */
const withWholes = (values: SetConnectorError): SetConnectorError => ({
  ...values,
  verdict: values.kind === "receipt" ? "fail" : values.verdict,
  reason: values.reason || null,
});

function ErrorFields({ isHttp }: { isHttp: boolean }) {
  const t = useTranslations("routing");
  const [kind] = useWatch({ name: ["kind"] }) as [string?];
  return (
    <>
      <FieldRow>
        <SelectField
          name="kind"
          label={t("errorKind")}
          options={(["submit", "receipt"] as const).map((value) => ({ value, label: t(`errorKinds.${value}`) }))}
        />
        <TextField
          name="code"
          label={t("errorCode")}
          help={t(kind === "receipt" ? "help.receiptCode" : isHttp ? "help.httpCode" : "help.submitCode")}
          autoComplete="off"
          spellCheck={false}
        />
      </FieldRow>
      {kind === "receipt" ? null : (
        <SelectField
          name="verdict"
          label={t("errorVerdict")}
          options={errorVerdict.options.map((value) => ({ value, label: t(`errorVerdictsLong.${value}`) }))}
        />
      )}
      <SelectField
        name="reason"
        label={t("errorReason")}
        help={t("help.errorReason")}
        placeholder={t("noReason")}
        options={errorReason.options.map((value) => ({ value, label: t(`errorReasons.${value}`) }))}
        optional
      />
    </>
  );
}

type ErrorName = { connectorId: string; kind: "submit" | "receipt"; code: string };

export function ClearError({ connectorId, kind, code }: ErrorName) {
  const t = useTranslations("routing");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      title={t("clearErrorTitle", { code })}
      description={t("clearErrorLead")}
      label={t("clearError", { code })}
      verb={trpc.routing.clearConnectorError.mutationOptions()}
      input={{ connectorId, kind, code }}
      success={t("errorCleared", { code })}
    />
  );
}
