"use client";
/** One real request over a connector, to see what goes out, what comes back, and what a message would have become. */
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Card } from "#app/_ui/card.tsx";
import { Form } from "#app/_ui/form.tsx";
import { FieldRow, TextField } from "#app/_ui/form-fields.tsx";
import { HttpText } from "#app/console/connectors/http-text.tsx";
import type { Trial } from "#server/domain/delivery/try-connector.ts";
import { tryConnector } from "#server/domain/routing/http-input.ts";
import { exchangeText, requestText } from "#server/domain/routing/http-request.ts";

export function TryPartner({ connectorId }: { connectorId: string }) {
  const t = useTranslations("partners");
  const trpc = useTRPC();
  const [trial, setTrial] = useState<Trial | null>(null);
  return (
    <Card title={t("try")} description={t("tryLead")}>
      <div className="flex flex-col gap-4">
        <Form
          schema={tryConnector}
          verb={trpc.routing.tryConnector.mutationOptions()}
          defaults={{ id: connectorId, text: t("trySample") }}
          submit={t("trySubmit")}
          onDone={setTrial}
        >
          <FieldRow>
            <TextField name="to" label={t("tryTo")} inputMode="tel" placeholder="84912345678" autoComplete="off" />
            <TextField name="from" label={t("tryFrom")} autoComplete="off" maxLength={20} />
          </FieldRow>
          <TextField name="text" label={t("tryText")} autoComplete="off" />
        </Form>
        {trial ? <TrialShown trial={trial} /> : null}
      </div>
    </Card>
  );
}

function TrialShown({ trial: { request, answer, failure, outcome, tookMs } }: { trial: Trial }) {
  const t = useTranslations("partners");
  const kind = outcome?.kind ?? "unsent";
  const detail = {
    id: outcome?.kind === "accepted" ? (outcome.carrierId ?? "–") : "",
    code: outcome?.kind === "refused" ? outcome.code : "",
    why: outcome?.kind === "lost" || outcome?.kind === "closed" ? outcome.why : (failure ?? ""),
  };
  const said = answer ? exchangeText(`HTTP ${answer.status}`, answer.headers, answer.body) : "";
  return (
    <div className="flex min-w-0 flex-col gap-4" aria-live="polite">
      <Callout kind={kind === "accepted" ? "success" : "warning"} title={t(`outcome.${kind}`, detail)}>
        {t("took", { ms: tookMs })}
      </Callout>
      <HttpText text={requestText(request)} label={t("tryRequest")} />
      {answer ? <HttpText text={said} label={t("tryAnswer")} /> : null}
    </div>
  );
}
