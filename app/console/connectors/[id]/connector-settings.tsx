/** A connector's settings to read, in the groups of its form. The password is not among them. */
import { getTranslations } from "next-intl/server";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { Count } from "#app/_ui/money.tsx";
import type { Connector } from "#server/domain/routing/connector-scope.ts";

export async function ConnectorSettings({ connector: c }: { connector: Connector }) {
  const [t, ui] = await Promise.all([getTranslations("routing"), getTranslations("ui")]);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card title={t("group.address")}>
        <Facts
          facts={[
            { label: t("address"), value: <CopyValue text={`${c.host}:${c.port}`} /> },
            { label: t("tls"), value: ui(c.tls ? "yes" : "no") },
            { label: t("systemId"), value: <CopyValue text={c.systemId} /> },
            { label: t("password"), value: t("passwordStored") },
          ]}
        />
      </Card>
      <Card title={t("group.bind")}>
        <Facts
          facts={[
            { label: t("bindMode"), value: t(`mode.${c.bindMode}`) },
            { label: t("bindCount"), value: c.bindCount },
            {
              label: t("maxPerSecond"),
              value: c.maxPerSecond === 0 ? t("unlimited") : t("perSecond", { count: c.maxPerSecond }),
            },
            { label: t("windowSize"), value: c.windowSize },
          ]}
        />
      </Card>
      <Card title={t("group.failures")}>
        <Facts
          facts={[
            { label: t("unknownPolicy"), value: t(`policy.${c.unknownPolicy}`) },
            { label: t("maxAttempts"), value: c.maxAttempts },
            { label: t("receiptTimeoutHours"), value: c.receiptTimeoutHours },
            {
              label: t("failoverAfterSeconds"),
              value: c.failoverAfterSeconds === 0 ? t("never") : <Count value={c.failoverAfterSeconds} />,
            },
            { label: t("maxMoves"), value: c.maxMoves },
          ]}
        />
      </Card>
      <Card title={t("group.advanced")}>
        <Facts
          facts={[
            { label: t("sourceAddress"), value: `${c.sourceTon} / ${c.sourceNpi}` },
            { label: t("destAddress"), value: `${c.destTon} / ${c.destNpi}` },
            { label: t("gsmDataCoding"), value: c.gsmDataCoding },
            { label: t("systemType"), value: c.systemType || "–" },
            { label: t("serviceType"), value: c.serviceType || "–" },
            { label: t("responseTimeoutMs"), value: <Count value={c.responseTimeoutMs} /> },
            { label: t("enquireLinkMs"), value: <Count value={c.enquireLinkMs} /> },
            { label: t("concatenation"), value: t(`concatenations.${c.concatenation}`) },
            { label: t("validityFormat"), value: t(`validityFormats.${c.validityFormat}`) },
            { label: t("otpPriority"), value: c.otpPriority },
            { label: t("passedTlvs"), value: c.passedTlvs.join(", ") || "–" },
            {
              label: t("receiptNotation"),
              value: t(c.receiptNotation ? `receiptNotations.${c.receiptNotation}` : "notLearnt"),
            },
            { label: t("id"), value: <CopyValue text={c.id} /> },
          ]}
        />
      </Card>
    </div>
  );
}
