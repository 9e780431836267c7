/** What went over the wire, both ways: in words first, octet by octet for those who open it. */
import { useTranslations } from "next-intl";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import type { Octets, ShownExchange } from "#server/domain/messages/story-step.ts";

/** @property isAnswered whether an answer belongs to it; to receipts of carriers it is always the same one, and not kept */
export function Exchange({ exchange, isAnswered }: { exchange: ShownExchange; isAnswered: boolean }) {
  const t = useTranslations("why");
  const { peer, request, response } = exchange;
  return (
    <details className="mt-1 text-xs">
      <summary className="w-fit cursor-pointer rounded text-ink-faint hover:text-ink">{t("octets")}</summary>
      <div className="mt-1.5 flex flex-col gap-3 rounded-md bg-subtle p-2.5">
        <dl className="flex flex-wrap gap-x-4 gap-y-1">
          {Object.entries(peer).map(([name, value]) => (
            <div key={name} className="flex min-w-0 gap-1.5">
              <dt className="text-ink-faint">{t.has(`peer.${name}`) ? t(`peer.${name}`) : name}</dt>
              <dd className="min-w-0 break-all font-mono text-ink">{String(value)}</dd>
            </div>
          ))}
        </dl>
        <Side title={t("request")} octets={request} />
        {response ? <Side title={t("answer")} octets={response} /> : null}
        {response === null && isAnswered ? <p className="text-ink-faint">{t("noAnswer")}</p> : null}
      </div>
    </details>
  );
}

function Side({ title, octets }: { title: string; octets: Octets }) {
  const t = useTranslations("why");
  const { hex, text, command, sequence, status, fields, isCut } = octets;
  const shown = hex ?? text ?? "";
  const name = [title, command, status, sequence === null ? null : `#${sequence}`].filter(Boolean).join(" · ");
  return (
    <section className="min-w-0">
      <h4 className="flex items-center gap-1 text-ink-muted">
        <span className="min-w-0 break-words">{name}</span>
        <CopyButton text={shown} />
      </h4>
      {fields.length > 0 ? (
        <dl className="mt-1 grid gap-x-3 gap-y-0.5 sm:grid-cols-[auto_minmax(0,1fr)]">
          {fields.map((field) => (
            <div key={`${field.name} ${field.value}`} className="contents">
              <dt className="text-ink-faint">{field.name}</dt>
              <dd className="break-all font-mono text-ink max-sm:pb-1">{field.value || "–"}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      <pre className="mt-1.5 max-h-48 overflow-y-auto whitespace-pre-wrap break-all rounded border border-line bg-canvas p-2 font-mono text-ink leading-5">
        {shown}
      </pre>
      {isCut ? <p className="mt-1 text-ink-faint">{t("cut")}</p> : null}
    </section>
  );
}
