"use client";
/** The dialog in which a moderator's decision is confirmed, a rejection with its reason. */
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Textarea } from "#app/_ui/input.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";

export type Decision = "approved" | "rejected";
export type Decided = { id: string; senderName: string; recipientCount: number };

type DecideCaseProps = {
  subject: Decided;
  /** Null closes the dialog. */
  decision: Decision | null;
  onClose: () => void;
  onDone?: () => void;
};

const minReason = 3;
const maxReason = 500;

export function DecideCase({ subject, decision, onClose, onDone }: DecideCaseProps) {
  const t = useTranslations("moderation");
  const wording = decision === "rejected" ? "reject" : "approve";
  return (
    <Dialog
      title={t(`${wording}Title`, { name: subject.senderName })}
      description={t(`${wording}Lead`, { count: subject.recipientCount })}
      open={decision !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      {decision ? <DecisionForm subject={subject} decision={decision} onClose={onClose} onDone={onDone} /> : null}
    </Dialog>
  );
}

function DecisionForm({ subject, decision, onClose, onDone }: DecideCaseProps & { decision: Decision }) {
  const t = useTranslations("moderation");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const id = useId();
  const [reason, setReason] = useState("");
  const { run, isPending } = useVerb(trpc.moderation.decideCase.mutationOptions(), {
    success: t(decision === "approved" ? "approvedToast" : "rejectedToast"),
  });
  const isReady = decision === "approved" || reason.trim().length >= minReason;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={async (event) => {
        event.preventDefault();
        if (!isReady) return;
        const result = await run({ id: subject.id, decision, reason: reason.trim() || undefined });
        if (!result) return;
        onClose();
        onDone?.();
      }}
    >
      <Field
        id={id}
        label={t("reason")}
        help={t(decision === "approved" ? "approveReasonHelp" : "rejectReasonHelp")}
        optional={decision === "approved" ? ui("optional") : undefined}
      >
        {(box) => (
          <Textarea
            {...box}
            rows={3}
            maxLength={maxReason}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-row-reverse justify-start gap-2">
        <Button
          type="submit"
          look={decision === "approved" ? "primary" : "danger"}
          busy={isPending}
          disabled={!isReady}
        >
          {t(decision === "approved" ? "approve" : "reject")}
        </Button>
        <Button onClick={onClose}>{ui("cancel")}</Button>
      </div>
    </form>
  );
}
