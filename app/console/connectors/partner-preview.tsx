"use client";
/** The request that a sample message would make of the templates as they stand in the form right now. */
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { HttpText } from "#app/console/connectors/http-text.tsx";
import type { HttpDescription } from "#server/domain/routing/http-description.ts";
import { buildRequest, messageValues, requestText } from "#server/domain/routing/http-request.ts";
import { messagePlaceholders, unknownPlaceholders } from "#server/domain/routing/http-template.ts";

const sample = {
  id: "0199f0c2-7b7e-7000-8000-0123456789ab",
  msisdn: "84912345678",
  sender: "ACME",
  text: 'Mã của bạn: "48 15" & <10 phút>',
  encoding: "ucs2" as const,
  parts: 1,
  trafficClass: "otp" as const,
  validUntil: new Date("2026-01-01T10:10:00Z"),
};
const sampleMs = new Date("2026-01-01T10:00:00Z").getTime();

type Written = Partial<Pick<HttpDescription, "method" | "url" | "headers" | "bodyKind" | "body" | "auth">>;

export function RequestPreview() {
  const t = useTranslations("partners");
  const [description = {}] = useWatch({ name: ["description"] }) as [Written?];
  const strange = unknownPlaceholders(`${description.url ?? ""} ${description.body ?? ""}`, messagePlaceholders);
  return (
    <div className="min-w-0">
      {strange.length > 0 ? (
        <p className="pb-1 text-danger text-xs">
          {t("unknownPlaceholders", { names: [...new Set(strange)].map((name) => `{${name}}`).join(", ") })}
        </p>
      ) : null}
      <HttpText text={requestText(previewOf(description))} label={t("preview")} />
    </div>
  );
}

/** Secrets show as what they are: a word in their place. */
function previewOf({ method = "POST", url = "", headers = [], bodyKind = "none", body = "", auth }: Written) {
  const template = { method, url: url || "https://…", headers: headers.filter(({ name }) => name), bodyKind, body };
  const account = { kind: "none" as const, user: "", name: "", tokenUrl: "", scope: "", ...auth };
  const named = { ...account, user: account.user || "USER", name: account.name || "name" };
  return buildRequest(template, named, messageValues(sample, sampleMs), { secret: "SECRET", token: "TOKEN" });
}
