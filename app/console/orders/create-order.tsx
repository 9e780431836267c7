"use client";
/** Drafts an order for one of the tenants directly below. */
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { ComboboxField, FieldRow, TextField } from "#app/_ui/form-fields.tsx";
import type { Option } from "#app/_ui/input.tsx";
import type { Term } from "#app/console/orders/default-term.ts";
import { type ListChoice, OrderFields } from "#app/console/orders/order-fields.tsx";
import { createOrder } from "#server/domain/orders/input.ts";

type CreateOrderProps = { buyers: Option[]; lists: ListChoice[]; term: Term; currency: string };

export function CreateOrder({ buyers, lists, term, currency }: CreateOrderProps) {
  const t = useTranslations("orders");
  const trpc = useTRPC();
  const router = useRouter();
  const [onlyBuyer] = buyers;
  const [newestList] = lists;
  return (
    <FormDialog
      wide
      title={t("new")}
      description={t("newLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("new")}
        </Button>
      }
      schema={createOrder}
      verb={trpc.orders.create.mutationOptions()}
      freshIdAs="id"
      defaults={{
        buyerId: buyers.length === 1 ? onlyBuyer?.value : undefined,
        priceListId: newestList?.id,
        kind: "prepaid",
        nearlyUsedPercent: 80,
        ...term,
      }}
      submit={t("createDraft")}
      success={(order) => t("createdToast", { number: order.number })}
      onDone={(order) => router.push(`/console/orders/${order.id}`)}
    >
      <FieldRow>
        <ComboboxField name="buyerId" label={t("buyer")} help={t("buyerHelp")} options={buyers} />
        <TextField name="number" label={t("number")} help={t("numberHelp")} autoComplete="off" optional />
      </FieldRow>
      <OrderFields lists={lists} currency={currency} />
    </FormDialog>
  );
}
