/** How fast a tenant may send: what was agreed, what holds in fact, and, from above, the way to change it. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import type { Viewer } from "#app/_trpc/viewer.ts";
import { Card, Facts } from "#app/_ui/card.tsx";
import { Count } from "#app/_ui/money.tsx";
import { SetContract } from "#app/console/tenants/[id]/set-contract.tsx";

type ContractProps = { tenant: { id: string; name: string; parentId: string | null }; viewer: Viewer };

export async function Contract({ tenant, viewer }: ContractProps) {
  const [t, caller] = await Promise.all([getTranslations("throughput"), api()]);
  const view = await caller.throughput.contract({ tenantId: tenant.id });
  const maySet = viewer.may("contracts.write") && (tenant.id !== viewer.tenant.id || tenant.parentId === null);
  const perSecond = (value: number) => t.rich("contract.perSecond", { count: () => <Count value={value} /> });
  const { contract, maxPerSecond, givenPerSecond } = view;
  return (
    <Card
      title={t("contract.title")}
      description={t(maySet ? "contract.lead" : "contract.leadOwn")}
      actions={maySet ? <SetContract tenant={tenant} view={view} /> : null}
    >
      <Facts
        facts={[
          {
            label: t("contract.reserved"),
            value:
              contract && contract.reservedPerSecond > 0
                ? perSecond(contract.reservedPerSecond)
                : t("contract.nothing"),
          },
          { label: t("contract.max"), value: maxPerSecond === null ? t("contract.noBound") : perSecond(maxPerSecond) },
          { label: t("contract.weight"), value: <Count value={contract?.weight ?? 1} /> },
          ...(givenPerSecond > 0 ? [{ label: t("contract.given"), value: perSecond(givenPerSecond) }] : []),
        ]}
      />
    </Card>
  );
}
