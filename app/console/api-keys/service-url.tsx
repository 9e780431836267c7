/** The tenant's own addresses of the API, each to copy. */
import { useTranslations } from "next-intl";
import { Card } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";

const doors = [
  { name: "json", method: "POST", path: "/api/v1/messages" },
  { name: "form", method: "GET, POST", path: "/api/send" },
  { name: "xml", method: "POST", path: "/api/xml" },
] as const;

export function ServiceUrl({ url, lead }: { url: string; lead: string }) {
  const t = useTranslations("keys");
  return (
    <Card title={t("serviceUrl")} description={lead} className="mb-5">
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[auto_auto_1fr]">
        {doors.map(({ name, method, path }) => (
          <div key={name} className="min-w-0 sm:contents">
            <dt className="text-ink text-sm">{t(`door.${name}`)}</dt>
            <dd className="text-ink-faint text-xs sm:pt-0.5">{method}</dd>
            <dd className="min-w-0">
              <CopyValue text={`${url}${path}`} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
