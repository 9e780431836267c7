"use client";
/** The template of a request: method, address, body, headers. */
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { SelectField, TextareaField, TextField } from "#app/_ui/form-fields.tsx";
import { LinesField } from "#app/console/connectors/partner-parts.tsx";
import { bodyKinds, httpMethods } from "#server/domain/routing/http-description.ts";

/** Also of the question for a receipt. */
export function RequestFields({ at }: { at: string }) {
  const t = useTranslations("partners");
  const [bodyKind] = useWatch({ name: [`${at}.bodyKind`] }) as [string?];
  return (
    <>
      <div className="grid grid-cols-[6rem_1fr] items-start gap-4">
        <SelectField
          name={`${at}.method`}
          label={t("method")}
          options={httpMethods.map((value) => ({ value, label: value }))}
        />
        <TextField
          name={`${at}.url`}
          label={t("url")}
          placeholder={at === "description" ? "https://api.example/sms/send" : "https://api.example/sms/{carrier_id}"}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <SelectField
        name={`${at}.bodyKind`}
        label={t("bodyKind")}
        options={bodyKinds.map((value) => ({ value, label: t(`bodyKinds.${value}`) }))}
      />
      {bodyKind && bodyKind !== "none" ? (
        <TextareaField
          name={`${at}.body`}
          label={t("body")}
          help={t(`bodyHelp.${bodyKind as "json"}`)}
          rows={7}
          spellCheck={false}
        />
      ) : null}
      <LinesField
        name={`${at}.headers`}
        label={t("headers")}
        help={t("help.headers")}
        placeholder="X-Account: {user}"
        rows={2}
        read={readHeader}
        write={({ name, value }) => `${name}: ${value}`}
        optional
      />
    </>
  );
}

function readHeader(line: string): { name: string; value: string } {
  const at = line.indexOf(":");
  return at < 0
    ? { name: line.trim(), value: "" }
    : { name: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
}
