"use client";
/** Takes a sender name back: asks for the reason and for the name itself, since traffic with it stops at once. */
import { Ban } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Input, Textarea } from "#app/_ui/input.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";

const minReason = 3;
const maxReason = 300;

export function RevokeSender({ sender: { id, name } }: { sender: { id: string; name: string } }) {
  const t = useTranslations("senders");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const box = useId();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const { run, isPending } = useVerb(trpc.senders.revoke.mutationOptions(), { success: t("revoked", { name }) });
  const isReady = reason.trim().length >= minReason && typed.trim() === name;
  return (
    <Dialog
      title={t("revokeTitle", { name })}
      description={t("revokeLead")}
      trigger={<Button icon={<Ban aria-hidden />}>{t("revoke")}</Button>}
      open={isOpen}
      onOpenChange={setOpen}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={async (event) => {
          event.preventDefault();
          if (isReady && (await run({ id, reason }))) setOpen(false);
        }}
      >
        <Field id={`${box}-reason`} label={t("reason")} help={t("revokeReasonHelp")}>
          {(given) => (
            <Textarea
              {...given}
              rows={3}
              maxLength={maxReason}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Field id={`${box}-name`} label={t("typeName", { name })}>
          {(given) => (
            <Input {...given} value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
          )}
        </Field>
        <div className="flex flex-row-reverse justify-start gap-2">
          <Button type="submit" look="danger" busy={isPending} disabled={!isReady}>
            {t("revoke")}
          </Button>
          <Button onClick={() => setOpen(false)}>{ui("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
