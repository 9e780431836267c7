"use client";
/** Asks for the quote and shows it, or why there is none yet. */
import { hashKey, useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Skeleton } from "#app/_ui/skeleton.tsx";
import { useErrorText } from "#app/_ui/use-verb.ts";
import { QuoteSummary } from "#app/console/campaigns/quote-summary.tsx";

type LiveQuoteProps = {
  id: string;
  operatorNames: Record<string, string>;
  tenantNames: Record<string, string>;
  /** The quote is asked for again when it changes; null while the draft is not complete or not kept. */
  version: number | null;
};

export function useQuote(id: string, version: number | null) {
  const trpc = useTRPC();
  return useQuery(
    trpc.campaigns.quote.queryOptions(
      { id },
      {
        // A quote of what was kept before is another quote.
        queryKeyHashFn: (key) => `${hashKey(key)} ${version}`,
        enabled: version !== null,
        retry: false,
        placeholderData: (before) => before,
      },
    ),
  );
}

export function LiveQuote({ id, operatorNames, tenantNames, version }: LiveQuoteProps) {
  const t = useTranslations("campaigns");
  const errorText = useErrorText();
  const { data, error, isFetching, refetch } = useQuote(id, version);
  if (error) return <Callout kind="danger">{errorText(error)}</Callout>;
  if (!data) return <Skeleton className="h-24" />;
  return (
    <div aria-busy={isFetching} className="flex flex-col gap-3">
      <QuoteSummary quote={data} operatorNames={operatorNames} tenantNames={tenantNames} />
      <div>
        <Button size="sm" look="ghost" busy={isFetching} icon={<RotateCw aria-hidden />} onClick={() => void refetch()}>
          {t("quote.again")}
        </Button>
      </div>
    </div>
  );
}
