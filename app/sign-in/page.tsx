/** Sign-in, in the brand of the host. */
import Link from "next/link";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { currentBrand } from "#app/_brand/current.ts";
import { EntranceFrame } from "#app/_entrance/entrance-frame.tsx";
import { onKnownHostOnly } from "#app/_entrance/known-host.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { type SearchParams, single } from "#app/_ui/search-params.ts";
import { SignInForm } from "#app/sign-in/sign-in-form.tsx";
import { getActor } from "#server/auth/context.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("signin"))("title") };
}

export default async function SignInPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await onKnownHostOnly();
  if (await getActor()) redirect("/console");
  const [params, brand, t] = await Promise.all([searchParams, currentBrand(), getTranslations("signin")]);
  return (
    <EntranceFrame
      title={t("lead", { name: brand.productName })}
      footer={
        <Link href="/forgot-password" className="rounded text-ink-muted hover:text-ink hover:underline">
          {t("forgot")}
        </Link>
      }
    >
      {single(params.saved) ? (
        <Callout kind="success" className="mb-4">
          {t("passwordSaved")}
        </Callout>
      ) : null}
      <SignInForm next={ownPath(single(params.next))} />
    </EntranceFrame>
  );
}

/** Only a path inside the console: never another site. */
const ownPath = (path: string | undefined) => (path && /^\/console(\/[\w\-/]*)?$/.test(path) ? path : "/console");
