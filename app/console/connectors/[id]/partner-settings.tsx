/** How a connector speaks with its partner over HTTP, to read. The secret is not among it. */
import { getTranslations } from "next-intl/server";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { Count } from "#app/_ui/money.tsx";
import { HttpText } from "#app/console/connectors/http-text.tsx";
import type { Connector } from "#server/domain/routing/connector-scope.ts";
import type { HttpDescription, Place } from "#server/domain/routing/http-description.ts";

type PartnerSettingsProps = { connector: Connector; description: HttpDescription };

export async function PartnerSettings({ connector: c, description }: PartnerSettingsProps) {
  const [t, routing, keys] = await Promise.all([
    getTranslations("partners"),
    getTranslations("routing"),
    getTranslations("keys"),
  ]);
  const { method, url, headers, bodyKind, body, auth, answer, receipts } = description;
  const placed = (place: Place | undefined) => (place ? `${t(`placeKinds.${place.from}`)}: ${place.path}` : "–");
  const template = [
    `${method} ${url}`,
    ...headers.map(({ name, value }) => `${name}: ${value}`),
    ...(bodyKind === "none" ? [] : ["", body]),
  ].join("\n");
  const success = answer.success ? `${placed(answer.success)} = ${answer.success.values.join(", ")}` : "–";
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card title={t("group.request")}>
        <div className="flex flex-col gap-4">
          <HttpText text={template} />
          <Facts
            facts={[
              { label: t("auth"), value: t(`authKinds.${auth.kind}`) },
              ...(auth.user ? [{ label: t("user"), value: <CopyValue text={auth.user} /> }] : []),
              ...(auth.kind === "none" ? [] : [{ label: t("secret"), value: routing("passwordStored") }]),
            ]}
          />
        </div>
      </Card>
      <Card title={t("group.answer")}>
        <Facts
          facts={[
            { label: t("statuses"), value: answer.statuses },
            { label: t("answerId"), value: placed(answer.id) },
            { label: t("answerSuccess"), value: success },
            { label: t("answerError"), value: placed(answer.error) },
          ]}
        />
      </Card>
      <Card title={t("group.receipts")}>
        <Facts
          facts={[
            { label: t("receiptsKind"), value: t(`receiptsKinds.${receipts.kind}`) },
            ...(receipts.kind === "none"
              ? []
              : [
                  { label: t("idIs"), value: t(`idIsKinds.${receipts.idIs}`) },
                  { label: t("receiptStatus"), value: placed(receipts.status) },
                ]),
            ...(receipts.kind === "callback"
              ? [
                  { label: t("receiptId"), value: placed(receipts.id) },
                  { label: t("callersAddresses"), value: receipts.allowedIps.join(", ") || keys("anyAddress") },
                ]
              : []),
            ...(receipts.kind === "poll"
              ? [
                  { label: t("everySeconds"), value: <Count value={receipts.everySeconds} /> },
                  { label: t("attempts"), value: receipts.attempts },
                ]
              : []),
          ]}
        />
      </Card>
      <Card title={t("group.speed")}>
        <Facts
          facts={[
            {
              label: routing("maxPerSecond"),
              value: c.maxPerSecond === 0 ? routing("unlimited") : routing("perSecond", { count: c.maxPerSecond }),
            },
            { label: t("windowSize"), value: c.windowSize },
            { label: routing("responseTimeoutMs"), value: <Count value={c.responseTimeoutMs} /> },
            { label: routing("unknownPolicy"), value: routing(`policy.${c.unknownPolicy}`) },
            { label: routing("maxAttempts"), value: c.maxAttempts },
            { label: routing("receiptTimeoutHours"), value: c.receiptTimeoutHours },
            { label: routing("id"), value: <CopyValue text={c.id} /> },
          ]}
        />
      </Card>
    </div>
  );
}
