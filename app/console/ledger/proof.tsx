"use client";
/** Runs the proof when asked and shows what it found; the ledger is only read. */
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Card } from "#app/_ui/card.tsx";
import { useErrorText } from "#app/_ui/use-verb.ts";
import { ProofResult } from "#app/console/ledger/proof-result.tsx";

/** @property order proves this one only */
export function ProofRunner({ order }: { order: { id: string; number: string } | null }) {
  const t = useTranslations("ledger");
  const trpc = useTRPC();
  const errorText = useErrorText();
  const [tookMs, setTookMs] = useState<number | null>(null);
  const proof = useQuery(
    trpc.ledger.prove.queryOptions(order ? { orderId: order.id } : {}, {
      enabled: false,
      gcTime: 0,
      retry: false,
    }),
  );
  async function run() {
    const startedMs = performance.now();
    await proof.refetch();
    setTookMs(performance.now() - startedMs);
  }
  return (
    <Card
      title={order ? t("proofOf", { number: order.number }) : t("proofTitle")}
      description={t("proofLead")}
      actions={
        <Button look="primary" icon={<ShieldCheck aria-hidden />} busy={proof.isFetching} onClick={run}>
          {t(proof.data ? "runAgain" : "run")}
        </Button>
      }
    >
      <div aria-live="polite">
        {proof.isFetching ? <p className="text-ink-faint text-sm">{t("running")}</p> : null}
        {proof.error && !proof.isFetching ? <Callout kind="danger">{errorText(proof.error)}</Callout> : null}
        {proof.data && !proof.isFetching && !proof.error ? <ProofResult proof={proof.data} tookMs={tookMs} /> : null}
        {proof.data || proof.isFetching || proof.error ? null : <p className="text-ink-faint text-sm">{t("notRun")}</p>}
      </div>
    </Card>
  );
}
