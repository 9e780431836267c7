"use client";
/** Switches a connector on and off, and deletes one that never carried anything. */
import { Power } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";

type Named = { id: string; name: string };

export function EnableConnector({ connector: { id, name } }: { connector: Named }) {
  const t = useTranslations("routing");
  const trpc = useTRPC();
  const { run, isPending } = useVerb(trpc.routing.updateConnector.mutationOptions(), {
    success: t("connectorEnabled", { name }),
  });
  return (
    <Button icon={<Power aria-hidden />} busy={isPending} onClick={() => run({ id, status: "enabled" })}>
      {t("enable")}
    </Button>
  );
}

export function DisableConnector({ connector: { id, name } }: { connector: Named }) {
  const t = useTranslations("routing");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      danger
      title={t("disableTitle", { name })}
      description={t("disableLead")}
      trigger={<Button icon={<Power aria-hidden />}>{t("disable")}</Button>}
      confirm={t("disable")}
      verb={trpc.routing.updateConnector.mutationOptions()}
      input={{ id, status: "disabled" }}
      success={t("connectorDisabled", { name })}
    />
  );
}

export function DeleteConnector({ connector: { id, name } }: { connector: Named }) {
  const t = useTranslations("routing");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      typed={name}
      title={t("deleteConnectorTitle", { name })}
      description={t("deleteConnectorLead")}
      verb={trpc.routing.deleteConnector.mutationOptions()}
      input={{ id }}
      success={t("connectorDeleted", { name })}
      leaveTo="/console/connectors"
    />
  );
}
