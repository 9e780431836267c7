"use client";
/** The second step: a list that is there, or a file that becomes one. */
import { useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button, ButtonLink } from "#app/_ui/button.tsx";
import { Combobox } from "#app/_ui/combobox.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Field } from "#app/_ui/field.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import { RecipientUpload } from "#app/console/recipients/upload/recipient-upload.tsx";

export type ListChoice = { id: string; name: string; count: number };
type RecipientsStepProps = {
  campaignId: string;
  listId: string | null;
  lists: ListChoice[];
  country: string;
  mayUpload: boolean;
  onChosen: () => void;
};

export function RecipientsStep({ campaignId, listId, lists, country, mayUpload, onChosen }: RecipientsStepProps) {
  const t = useTranslations("campaigns");
  const locale = useLocale();
  const trpc = useTRPC();
  const id = useId();
  const { run, isPending } = useVerb(trpc.campaigns.setAudience.mutationOptions(), {
    success: (campaign) => t("listChosen", { count: campaign.recipientCount }),
    onDone: onChosen,
  });
  const number = new Intl.NumberFormat(locale);
  return (
    <div className="flex flex-wrap items-end gap-3" aria-busy={isPending}>
      <div className="min-w-0 flex-1 basis-72">
        <Field id={id} label={t("list")} help={lists.length === 0 ? t("noLists") : undefined}>
          {(box) => (
            <Combobox
              {...box}
              placeholder={t("choose")}
              options={lists.map((list) => ({ value: list.id, label: `${list.name} · ${number.format(list.count)}` }))}
              value={listId}
              disabled={isPending || lists.length === 0}
              onChange={(next) => {
                if (next && next !== listId) void run({ id: campaignId, listId: next });
              }}
            />
          )}
        </Field>
      </div>
      {mayUpload ? <UploadHere country={country} onUploaded={(list) => run({ id: campaignId, listId: list })} /> : null}
      {listId ? (
        <ButtonLink look="ghost" href={`/console/recipients/${listId}`} target="_blank">
          {t("lookAtList")}
        </ButtonLink>
      ) : null}
    </div>
  );
}

function UploadHere({ country, onUploaded }: { country: string; onUploaded: (listId: string) => Promise<unknown> }) {
  const t = useTranslations("campaigns");
  const router = useRouter();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      wide
      title={t("uploadList")}
      description={t("uploadListLead")}
      trigger={<Button icon={<Upload aria-hidden />}>{t("uploadList")}</Button>}
      open={isOpen}
      onOpenChange={(open) => {
        setOpen(open);
        if (!open) router.refresh();
      }}
    >
      <RecipientUpload
        country={country}
        broken={null}
        afterwards={(listId) => (
          <Button
            look="primary"
            onClick={async () => {
              if (!(await onUploaded(listId))) return;
              await queries.invalidateQueries();
              setOpen(false);
            }}
          >
            {t("useThisList")}
          </Button>
        )}
      />
    </Dialog>
  );
}
