"use client";
/** Approve and reject on a case's own page, by button or by key. */
import { Check, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { DecideCase, type Decided, type Decision } from "#app/console/moderation/decide-case.tsx";
import { useQueueKeys } from "#app/console/moderation/use-queue-keys.ts";

export function CaseActions({ subject }: { subject: Decided }) {
  const t = useTranslations("moderation");
  const [decision, setDecision] = useState<Decision | null>(null);
  const keys = useMemo(
    () => ({ j: () => {}, k: () => {}, a: () => setDecision("approved"), r: () => setDecision("rejected") }),
    [],
  );
  useQueueKeys(keys);
  return (
    <>
      <Button icon={<X aria-hidden />} onClick={() => setDecision("rejected")}>
        {t("reject")}
      </Button>
      <Button look="primary" icon={<Check aria-hidden />} onClick={() => setDecision("approved")}>
        {t("approve")}
      </Button>
      <DecideCase subject={subject} decision={decision} onClose={() => setDecision(null)} />
    </>
  );
}
