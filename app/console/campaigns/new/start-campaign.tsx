"use client";
/** Makes the draft, gives it its list where one was chosen before, and opens the composer. */
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Form } from "#app/_ui/form.tsx";
import { TextField } from "#app/_ui/form-fields.tsx";
import { useErrorText } from "#app/_ui/use-verb.ts";
import { createCampaign } from "#server/domain/campaigns/input.ts";

/** @property senderId given when there is only one to choose */
type StartCampaignProps = { name: string; listId: string | undefined; senderId: string | undefined };

export function StartCampaign({ name, listId, senderId }: StartCampaignProps) {
  const t = useTranslations("campaigns");
  const trpc = useTRPC();
  const router = useRouter();
  const errorText = useErrorText();
  const audience = useMutation(trpc.campaigns.setAudience.mutationOptions());
  async function open(id: string) {
    // The draft exists whatever becomes of the list: the composer offers the choice again.
    if (listId) await audience.mutateAsync({ id, listId }).catch((error) => toast.error(errorText(error)));
    router.push(`/console/campaigns/${id}/edit`);
  }
  return (
    <Form
      schema={createCampaign}
      verb={trpc.campaigns.create.mutationOptions()}
      freshIdAs="id"
      defaults={{ name, senderId }}
      submit={t("start")}
      onDone={(campaign) => void open(campaign.id)}
    >
      <TextField name="name" label={t("name")} help={t("nameHelp")} autoComplete="off" autoFocus />
    </Form>
  );
}
