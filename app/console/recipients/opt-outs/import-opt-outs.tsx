"use client";
/** Imports opt-outs from a CSV file: which column, then the upload. */
import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { toast } from "sonner";
import { Button } from "#app/_ui/button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Field } from "#app/_ui/field.tsx";
import { FileDrop } from "#app/_ui/file-drop.tsx";
import { Select } from "#app/_ui/input.tsx";
import { ProgressBar } from "#app/_ui/progress-bar.tsx";
import { sendFile, type UploadError } from "#app/console/recipients/upload/send-file.ts";
import { UnreadableFile } from "#app/console/recipients/upload/unreadable-file.tsx";
import { UploadFailure } from "#app/console/recipients/upload/upload-failure.tsx";
import { usePreview } from "#app/console/recipients/upload/use-preview.ts";
import type { OptOutImport } from "#server/domain/contacts/import-opt-outs.ts";
import { fileLimits } from "#server/domain/contacts/input.ts";

type Sending = { share: number | null; error: UploadError | null | undefined };

export function ImportOptOuts({ country }: { country: string }) {
  const t = useTranslations("contacts");
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      title={t("importOptOuts")}
      description={t("importOptOutsLead")}
      trigger={<Button icon={<Upload aria-hidden />}>{t("importOptOuts")}</Button>}
      open={isOpen}
      onOpenChange={setOpen}
    >
      <ImportForm country={country} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function ImportForm({ country, onDone }: { country: string; onDone: () => void }) {
  const t = useTranslations("contacts");
  const router = useRouter();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [{ share, error }, setSending] = useState<Sending>({ share: null, error: undefined });
  const read = usePreview(file);
  const preview = read?.preview ?? null;
  const phone = chosen ?? preview?.phoneColumn ?? "";
  async function send() {
    if (!file || !phone) return;
    setSending({ share: 0, error: undefined });
    const query = new URLSearchParams({ fileName: file.name.slice(-255), phone, defaultCountry: country });
    const answer = await sendFile<OptOutImport>({
      url: `/api/uploads/opt-outs?${query}`,
      file,
      onSent: (share) => setSending({ share, error: undefined }),
      signal: new AbortController().signal,
    });
    if (!answer.ok) return setSending({ share: null, error: answer.error });
    const { added, known, invalid } = answer.value;
    toast.success(t("optOutsImported", { added, known, invalid }));
    router.refresh();
    onDone();
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {error === undefined ? null : <UploadFailure error={error} action={null} />}
      <FileDrop
        label={t("dropFile")}
        hint={t("dropHint")}
        accept=".csv,.txt,.tsv,text/csv"
        maxBytes={fileLimits.bytes}
        file={file}
        onFile={(next) => {
          setFile(next);
          setChosen(null);
        }}
      />
      {file && read && !preview ? <UnreadableFile fault={read.fault} /> : null}
      {preview ? (
        <Field id={id} label={t("phoneColumn")}>
          {(box) => (
            <Select
              {...box}
              value={phone}
              placeholder={t("choose")}
              options={preview.headers.map((header) => ({ value: header, label: header }))}
              onChange={(event) => setChosen(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      {share === null ? null : <ProgressBar share={share} label={t("uploading")} />}
      <div className="flex justify-end">
        <Button type="submit" look="primary" busy={share !== null} disabled={!preview || !phone}>
          {t("startUpload")}
        </Button>
      </div>
    </form>
  );
}
