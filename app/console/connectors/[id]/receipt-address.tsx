"use client";
/** The address that the partner calls with its receipts, to copy into its settings; and a new one when it got about. */
import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Card } from "#app/_ui/card.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { useHydrated } from "#app/_ui/use-hydrated.ts";

export function ReceiptAddress({ connectorId, path }: { connectorId: string; path: string }) {
  const t = useTranslations("partners");
  const trpc = useTRPC();
  const isAlive = useHydrated();
  const address = isAlive ? `${window.location.origin}${path}` : path;
  const renew = (
    <ConfirmDialog
      danger
      title={t("renewTitle")}
      description={t("renewLead")}
      trigger={<Button icon={<RefreshCw aria-hidden />}>{t("renew")}</Button>}
      confirm={t("renew")}
      verb={trpc.routing.renewReceiptAddress.mutationOptions()}
      input={{ id: connectorId }}
      success={t("renewed")}
    />
  );
  return (
    <Card title={t("receiptAddress")} description={t("receiptAddressLead")} actions={renew}>
      <div className="flex items-start gap-2">
        <code className="min-w-0 break-all font-mono text-xs leading-6">{address}</code>
        <CopyButton text={address} />
      </div>
    </Card>
  );
}
