"use client";
/** What a seller can do with an order: edit and sign a draft, cancel what has not begun, top up and close what runs. */
import { Ban, Lock, Pencil, PenLine, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { TextareaField, TextField } from "#app/_ui/form-fields.tsx";
import { DateTimeField, IntegerField, MoneyField } from "#app/_ui/value-fields.tsx";
import { type ListChoice, OrderFields } from "#app/console/orders/order-fields.tsx";
import { closeOrder, topUpOrder, updateOrder } from "#server/domain/orders/input.ts";
import type { Order } from "#server/domain/orders/scope.ts";

type Named = Pick<Order, "id" | "number">;

export function EditOrder({ order, lists }: { order: Order; lists: ListChoice[] }) {
  const t = useTranslations("orders");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const { id, priceListId, kind, amountMicros, partsLimit, validFrom, validUntil, senderNames, note } = order;
  return (
    <FormDialog
      wide
      title={t("editTitle", { number: order.number })}
      trigger={<Button icon={<Pencil aria-hidden />}>{ui("edit")}</Button>}
      schema={updateOrder}
      verb={trpc.orders.update.mutationOptions()}
      defaults={{
        id,
        priceListId,
        kind,
        amountMicros,
        partsLimit,
        validFrom,
        validUntil,
        senderNames,
        nearlyUsedPercent: order.nearlyUsedPercent,
        note,
      }}
      prepare={(values) => ({ ...values, note: values.note ?? null })}
      submit={ui("save")}
      success={ui("saved")}
    >
      <OrderFields lists={lists} currency={order.currency} />
    </FormDialog>
  );
}

export function SignOrder({ order, startsNow }: { order: Named; startsNow: boolean }) {
  const t = useTranslations("orders");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("signTitle", { number: order.number })}
      description={t(startsNow ? "signLeadNow" : "signLeadLater")}
      trigger={
        <Button look="primary" icon={<PenLine aria-hidden />}>
          {t("sign")}
        </Button>
      }
      confirm={t("sign")}
      verb={trpc.orders.sign.mutationOptions()}
      input={{ id: order.id }}
      success={t("signedToast", { number: order.number })}
    />
  );
}

export function CancelOrder({ order }: { order: Named }) {
  const t = useTranslations("orders");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      danger
      title={t("cancelTitle", { number: order.number })}
      description={t("cancelLead")}
      trigger={<Button icon={<Ban aria-hidden />}>{t("cancel")}</Button>}
      confirm={t("cancel")}
      verb={trpc.orders.cancel.mutationOptions()}
      input={{ id: order.id }}
      success={t("cancelledToast", { number: order.number })}
    />
  );
}

export function CloseOrder({ order }: { order: Named }) {
  const t = useTranslations("orders");
  const trpc = useTRPC();
  return (
    <FormDialog
      danger
      title={t("closeTitle", { number: order.number })}
      description={t("closeLead")}
      trigger={<Button icon={<Lock aria-hidden />}>{t("close")}</Button>}
      schema={closeOrder}
      verb={trpc.orders.close.mutationOptions()}
      defaults={{ id: order.id }}
      submit={t("close")}
      success={t("closedToast", { number: order.number })}
    >
      <TextareaField name="reason" label={t("reason")} help={t("reasonHelp")} rows={3} />
    </FormDialog>
  );
}

type ToppedUp = Named & Pick<Order, "kind" | "currency" | "amountMicros" | "partsLimit">;

export function TopUpOrder({ order }: { order: ToppedUp }) {
  const t = useTranslations("orders");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("topUpTitle", { number: order.number })}
      description={t("topUpLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("topUp")}
        </Button>
      }
      schema={topUpOrder}
      verb={trpc.orders.topUp.mutationOptions()}
      freshIdAs="id"
      defaults={{ orderId: order.id }}
      submit={t("topUp")}
      success={t("toppedUpToast", { number: order.number })}
    >
      {order.amountMicros === null ? null : (
        <MoneyField
          name="addAmountMicros"
          label={t(order.kind === "postpaid" ? "addCredit" : "addAmount")}
          currency={order.currency}
          optional
        />
      )}
      {order.partsLimit === null ? null : <IntegerField name="addParts" label={t("addParts")} optional />}
      <DateTimeField name="validUntil" label={t("newEnd")} optional />
      <TextField name="note" label={t("changeNote")} help={t("changeNoteHelp")} autoComplete="off" optional />
    </FormDialog>
  );
}
