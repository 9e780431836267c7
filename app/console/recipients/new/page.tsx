/** Uploads a list: a new one, or again one whose upload broke. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { RecipientUpload } from "#app/console/recipients/upload/recipient-upload.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("contacts"))("upload") };
}

export default async function UploadPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("contacts.write");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("contacts")]);
  const again = idParam(params.again);
  const broken = again ? await found(caller.contacts.list({ id: again })) : null;
  return (
    <>
      <PageHeader
        title={broken ? t("uploadAgain", { name: broken.name }) : t("upload")}
        description={t("uploadLead")}
        crumbs={[{ label: t("title"), href: "/console/recipients" }]}
      />
      <RecipientUpload
        country={viewer.tenant.country}
        broken={broken && broken.status !== "ready" ? { id: broken.id, name: broken.name } : null}
      />
    </>
  );
}
