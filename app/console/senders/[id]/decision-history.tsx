/** Who decided what about a sender name, the latest first; tenants above the reader are "your provider". */
import { Check, CircleDashed, UserPlus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { DateTime } from "#app/_ui/date-time.tsx";
import type { SenderInFull } from "#server/domain/senders/get.ts";

export function DecisionHistory({ sender }: { sender: SenderInFull }) {
  const t = useTranslations("senders");
  return (
    <ol className="flex flex-col gap-4">
      {sender.status === "pending" ? (
        <Step icon={<CircleDashed className="text-warning" />} title={t("step.pending")} />
      ) : null}
      {sender.decisions.map((decision) => (
        <Step
          key={decision.id}
          icon={decision.decision === "approved" ? <Check className="text-success" /> : <X className="text-danger" />}
          title={t(`step.${decision.decision}`, { who: decision.decider ?? t("provider") })}
          note={decision.reason}
          at={decision.decidedAt}
        />
      ))}
      <Step
        icon={<UserPlus className="text-ink-faint" />}
        title={t("step.registered", { who: sender.tenantName })}
        at={sender.createdAt}
      />
    </ol>
  );
}

function Step({ icon, title, note, at }: { icon: ReactNode; title: string; note?: string | null; at?: Date }) {
  return (
    <li className="flex gap-3">
      <span aria-hidden className="mt-0.5 [&_svg]:size-4">
        {icon}
      </span>
      <div className="min-w-0">
        <p className="text-base text-ink">{title}</p>
        {note ? <p className="break-words text-ink-muted text-sm">{note}</p> : null}
        {at ? (
          <p className="text-ink-faint text-xs">
            <DateTime value={at} />
          </p>
        ) : null}
      </div>
    </li>
  );
}
