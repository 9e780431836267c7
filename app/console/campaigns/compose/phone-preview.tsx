"use client";
/** The text as real recipients of the list will read it, the longest one among them. */
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Select } from "#app/_ui/input.tsx";
import { useErrorText } from "#app/_ui/use-verb.ts";
import type { ComposeResult, Sample } from "#server/domain/campaigns/compose-check.ts";

const pauseMs = 450;

type PhonePreviewProps = {
  /** Null while the text cannot be read. */
  template: string | null;
  listId: string | null;
  senderName: string | null;
};

export function PhonePreview({ template, listId, senderName }: PhonePreviewProps) {
  const t = useTranslations("campaigns");
  const errorText = useErrorText();
  const { checked, error } = useCheck(template, listId);
  const [chosen, setChosen] = useState("worst");
  const samples = samplesOf(checked);
  const sample = samples.find((one) => one.key === chosen)?.sample ?? samples[0]?.sample ?? null;
  const text = sample?.text ?? template ?? "";
  return (
    <aside aria-label={t("preview")} className="flex flex-col gap-3">
      {samples.length > 0 ? (
        <Select
          aria-label={t("previewFor")}
          value={chosen}
          options={samples.map(({ key, sample }) => ({
            value: key,
            label: key === "worst" ? t("longest", { number: `+${sample.msisdn}` }) : `+${sample.msisdn}`,
          }))}
          onChange={(event) => setChosen(event.target.value)}
        />
      ) : null}
      <div className="rounded-[1.75rem] border-4 border-line-strong bg-subtle px-3 pt-3 pb-5">
        <p className="mb-3 border-line border-b pb-2 text-center font-medium text-ink text-sm">
          {senderName ?? t("senderMissing")}
        </p>
        <p className="min-h-16 max-w-[92%] whitespace-pre-wrap break-words rounded-2xl rounded-tl-sm bg-muted px-3 py-2 text-base text-ink">
          {text || <span className="text-ink-faint">{t("previewEmpty")}</span>}
        </p>
      </div>
      <p role="status" className="text-ink-muted text-xs">
        {sample ? t("sampleParts", { count: sample.parts, units: sample.units }) : null}
        {checked?.worst ? ` ${t("worstParts", { count: checked.worst.parts })}` : null}
        {listId === null ? t("previewNeedsList") : null}
        {error ? errorText(error) : null}
      </p>
    </aside>
  );
}

function samplesOf(checked: ComposeResult | undefined): { key: string; sample: Sample }[] {
  if (!checked) return [];
  const first = checked.samples.map((sample) => ({ key: String(sample.ordinal), sample }));
  return checked.worst ? [{ key: "worst", sample: checked.worst }, ...first] : first;
}

/** Asks the server when the typing pauses; the answer of the text before stays until the new one is there. */
function useCheck(template: string | null, listId: string | null) {
  const trpc = useTRPC();
  const { mutate, data, error } = useMutation(trpc.campaigns.composeCheck.mutationOptions());
  useEffect(() => {
    if (template === null || listId === null) return;
    const timer = setTimeout(() => mutate({ template, listId }), pauseMs);
    return () => clearTimeout(timer);
  }, [template, listId, mutate]);
  return { checked: template === null || listId === null ? undefined : data, error };
}
