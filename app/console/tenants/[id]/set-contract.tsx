"use client";
/** Agrees with a tenant below how fast it may send. */
import { Gauge } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { NumberField } from "#app/_ui/form-fields.tsx";
import type { ContractView } from "#server/domain/throughput/get-contract.ts";
import { setContract } from "#server/domain/throughput/input.ts";

type SetContractProps = { tenant: { id: string; name: string }; view: ContractView };

export function SetContract({ tenant: { id, name }, view: { contract, reservablePerSecond } }: SetContractProps) {
  const t = useTranslations("throughput");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("contract.setTitle", { name })}
      description={t("contract.setLead")}
      trigger={<Button icon={<Gauge aria-hidden />}>{t("contract.set")}</Button>}
      schema={setContract}
      verb={trpc.throughput.setContract.mutationOptions()}
      defaults={{
        tenantId: id,
        reservedPerSecond: contract?.reservedPerSecond ?? 0,
        maxPerSecond: contract?.maxPerSecond ?? null,
        weight: contract?.weight ?? 1,
      }}
      prepare={(values) => ({ ...values, maxPerSecond: values.maxPerSecond ?? null })}
      submit={ui("save")}
      success={ui("saved")}
    >
      <NumberField
        name="reservedPerSecond"
        label={t("contract.reserved")}
        help={
          reservablePerSecond === null
            ? t("contract.reservedHelp")
            : t("contract.reservedHelpUpTo", { most: reservablePerSecond })
        }
        min={0}
        step={1}
      />
      <NumberField
        name="maxPerSecond"
        label={t("contract.max")}
        help={t("contract.maxHelp")}
        min={1}
        step={1}
        optional
      />
      <NumberField
        name="weight"
        label={t("contract.weight")}
        help={t("contract.weightHelp")}
        min={1}
        max={100}
        step={1}
      />
    </FormDialog>
  );
}
