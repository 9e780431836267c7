"use client";
/** The addresses on which the brand's own sign-in page and console answer. */
import { Globe, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Badge } from "#app/_ui/badge.tsx";
import { Button } from "#app/_ui/button.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { TextField } from "#app/_ui/form-fields.tsx";
import { addHost } from "#server/domain/branding/input.ts";

type Host = { host: string; isVerified: boolean };
type HostsProps = {
  tenantId: string;
  hosts: Host[];
  /** What this person adds answers at once; otherwise a tenant above must add it, too. */
  isTrusted: boolean;
};

export function Hosts({ tenantId, hosts, isTrusted }: HostsProps) {
  const t = useTranslations("brand");
  return (
    <div className="flex flex-col gap-4">
      {hosts.length === 0 ? (
        <p className="text-base text-ink-muted">{t("noHosts")}</p>
      ) : (
        <ul className="divide-y rounded-md border border-line">
          {hosts.map(({ host, isVerified }) => (
            <li key={host} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
              <Globe className="size-4 shrink-0 text-ink-faint" aria-hidden />
              <span className="min-w-0 flex-1 break-all font-mono text-ink text-sm">{host}</span>
              <Badge tone={isVerified ? "success" : "warning"} dot>
                {t(isVerified ? "answers" : "waits")}
              </Badge>
              <RemoveHost tenantId={tenantId} host={host} />
              {isVerified ? null : <p className="w-full pl-7 text-ink-muted text-xs">{t("waitsHint")}</p>}
            </li>
          ))}
        </ul>
      )}
      <div>
        <AddHost tenantId={tenantId} isTrusted={isTrusted} />
      </div>
    </div>
  );
}

function AddHost({ tenantId, isTrusted }: Omit<HostsProps, "hosts">) {
  const t = useTranslations("brand");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("addHost")}
      description={t(isTrusted ? "addHostLead" : "addHostLeadWaits")}
      trigger={<Button icon={<Plus aria-hidden />}>{t("addHost")}</Button>}
      schema={addHost}
      verb={trpc.branding.addHost.mutationOptions()}
      defaults={{ tenantId, host: "" }}
      submit={t("addHost")}
      success={t("hostAdded")}
    >
      <TextField name="host" label={t("host")} help={t("hostHelp")} autoComplete="off" spellCheck={false} />
    </FormDialog>
  );
}

function RemoveHost({ tenantId, host }: { tenantId: string; host: string }) {
  const t = useTranslations("brand");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      title={t("removeHostTitle", { host })}
      description={t("removeHostLead")}
      label={t("removeHostTitle", { host })}
      confirm={t("removeHost")}
      verb={trpc.branding.removeHost.mutationOptions()}
      input={{ tenantId, host }}
      success={t("hostRemoved", { host })}
    />
  );
}
