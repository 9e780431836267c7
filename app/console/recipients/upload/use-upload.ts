"use client";
/** One upload of a list: under way, done, or broken and ready to be tried again with the same id. */
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import type { Mapping } from "#app/console/recipients/upload/mapping-form.tsx";
import { sendFile, type UploadError } from "#app/console/recipients/upload/send-file.ts";
import type { RecipientList } from "#server/domain/contacts/scope.ts";

export type UploadState =
  | { kind: "idle" }
  | { kind: "sending"; share: number }
  | { kind: "done"; list: Pick<RecipientList, "id" | "name" | "acceptedCount"> }
  | { kind: "broken"; error: UploadError | null };

export function useUpload(id: string) {
  const t = useTranslations("contacts");
  const router = useRouter();
  const [state, setState] = useState<UploadState>({ kind: "idle" });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  useEffect(() => {
    if (state.kind !== "sending") return;
    // Leaving the page breaks the upload off: the browser asks first.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [state.kind]);
  async function start(file: File, mapping: Mapping) {
    const controller = new AbortController();
    abort.current = controller;
    setState({ kind: "sending", share: 0 });
    const answer = await sendFile<RecipientList>({
      url: `/api/uploads/recipients?${queryOf(id, file.name, mapping)}`,
      file,
      onSent: (share) => setState((now) => (now.kind === "sending" ? { kind: "sending", share } : now)),
      signal: controller.signal,
    });
    if (answer.ok) {
      toast.success(t("uploaded", { count: answer.value.acceptedCount }));
      setState({ kind: "done", list: answer.value });
      router.refresh();
    } else setState({ kind: "broken", error: answer.error });
  }
  return { state, start, cancel: () => abort.current?.abort(), reset: () => setState({ kind: "idle" }) };
}

function queryOf(id: string, fileName: string, { name, phone, fields, country }: Mapping): URLSearchParams {
  const query = new URLSearchParams({ id, name, fileName: fileName.slice(-255), phone, country });
  for (const field of fields) query.append("field", field);
  return query;
}
