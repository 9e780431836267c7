"use client";
/** The whole way of a file into a list: drop, look, map, upload, result. Also inside the composer. */
import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button, ButtonLink } from "#app/_ui/button.tsx";
import { Card } from "#app/_ui/card.tsx";
import { FileDrop } from "#app/_ui/file-drop.tsx";
import { freshId } from "#app/_ui/fresh-id.ts";
import { type Mapping, MappingForm } from "#app/console/recipients/upload/mapping-form.tsx";
import { UnreadableFile } from "#app/console/recipients/upload/unreadable-file.tsx";
import { UploadFailure } from "#app/console/recipients/upload/upload-failure.tsx";
import { UploadProgress } from "#app/console/recipients/upload/upload-progress.tsx";
import { UploadResult } from "#app/console/recipients/upload/upload-result.tsx";
import { usePreview } from "#app/console/recipients/upload/use-preview.ts";
import { useUpload } from "#app/console/recipients/upload/use-upload.ts";
import { fileLimits } from "#server/domain/contacts/input.ts";

type RecipientUploadProps = {
  /** The tenant's own: the first guess for numbers without a country code. */
  country: string;
  /** An upload that broke: the new one replaces what it left. */
  broken: { id: string; name: string } | null;
  /** What stands under the result instead of the links to the list; gets the list's id. */
  afterwards?: (listId: string) => ReactNode;
};

export function RecipientUpload({ country, broken, afterwards }: RecipientUploadProps) {
  const t = useTranslations("contacts");
  const [id] = useState(() => broken?.id ?? freshId());
  const [file, setFile] = useState<File | null>(null);
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const read = usePreview(file);
  const { state, start, cancel, reset } = useUpload(id);
  const send = (chosen: File, wanted: Mapping) => {
    setMapping(wanted);
    void start(chosen, wanted);
  };
  if (state.kind === "done") {
    return (
      <Card title={t("result")}>
        <UploadResult id={state.list.id} />
        <div className="mt-4 flex flex-wrap gap-2">
          {afterwards?.(state.list.id) ?? <ListLinks id={state.list.id} isEmpty={state.list.acceptedCount === 0} />}
        </div>
      </Card>
    );
  }
  if (state.kind === "sending") {
    return (
      <Card title={t("uploadingTitle")}>
        <UploadProgress id={id} share={state.share} fileName={file?.name ?? ""} onCancel={cancel} />
      </Card>
    );
  }
  return (
    <div className="flex flex-col gap-5">
      {state.kind === "broken" ? (
        <UploadFailure
          error={state.error}
          action={
            file && mapping ? (
              <Button size="sm" icon={<RotateCw aria-hidden />} onClick={() => send(file, mapping)}>
                {t("tryAgain")}
              </Button>
            ) : null
          }
        />
      ) : null}
      <Card title={t("file")} description={t("fileLead")}>
        <FileDrop
          label={t("dropFile")}
          hint={t("dropHint")}
          accept=".csv,.txt,.tsv,text/csv"
          maxBytes={fileLimits.bytes}
          file={file}
          onFile={(chosen) => {
            setFile(chosen);
            reset();
          }}
        />
        {file && read && !read.preview ? (
          <div className="mt-4">
            <UnreadableFile fault={read.fault} />
          </div>
        ) : null}
      </Card>
      {file && read?.preview ? (
        <Card title={t("columns")} description={t("columnsLead")}>
          <MappingForm
            key={`${file.name} ${file.size} ${file.lastModified}`}
            preview={read.preview}
            initial={{
              name: mapping?.name ?? broken?.name ?? withoutEnding(file.name),
              country: mapping?.country ?? country,
            }}
            onSubmit={(wanted) => send(file, wanted)}
          />
        </Card>
      ) : null}
    </div>
  );
}

function ListLinks({ id, isEmpty }: { id: string; isEmpty: boolean }) {
  const t = useTranslations("contacts");
  return (
    <>
      <ButtonLink href={`/console/recipients/${id}`}>{t("openList")}</ButtonLink>
      {isEmpty ? null : (
        <ButtonLink look="primary" href={`/console/campaigns/new?list=${id}`}>
          {t("useInCampaign")}
        </ButtonLink>
      )}
    </>
  );
}

const withoutEnding = (name: string) => name.replace(/\.[^.]+$/, "").slice(0, 120);
