/** What stands under the title of a step that no event tells: checks, route, money, what was sent and told. */
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#app/_ui/badge.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Money } from "#app/_ui/money.tsx";
import type { Edge } from "#server/domain/messages/get.ts";
import type { Step } from "#server/domain/messages/story-step.ts";
import type { RouteCandidate } from "#server/domain/routing/explain-route.ts";

/** @property names of tenants in the reader's scope; whoever is missing stands above: "your provider" */
export type BodyProps = { step: Step; names: ReadonlyMap<string, string> };

export function StepBody({ step, names }: BodyProps) {
  if (step.kind === "checked") return <Checks facts={step.facts} />;
  if (step.routes && step.routes.length > 0) return <Routes routes={step.routes} />;
  if (step.money) return <MoneyLines edges={step.money} names={names} />;
  return null;
}

function Checks({ facts }: { facts: Step["facts"] }) {
  const t = useTranslations("why");
  const messages = useTranslations("messages");
  const { encoding, parts, units, unitsLeft, unicodeBecause, sender, senderApprovedAt } = facts;
  const isGsm = encoding === "gsm7";
  const lines = [
    t("check.number", { number: `+${facts.msisdn}` }),
    facts.prefix === null
      ? t("check.operator", { operator: String(facts.operator) })
      : t("check.operatorBy", { operator: String(facts.operator), prefix: `+${facts.prefix}` }),
    facts.isOtherOperatorNow ? t("check.otherNow") : null,
    t("check.parts", {
      parts: Number(parts),
      units: Number(units),
      left: Number(unitsLeft),
      encoding: messages(`encoding.${isGsm ? "gsm7" : "ucs2"}`),
    }),
    unicodeBecause === null ? null : t("check.unicode", { characters: String(unicodeBecause) }),
  ];
  return (
    <ul className="mt-0.5 flex flex-col gap-0.5 text-ink-muted text-sm">
      {lines.map((line) => (line ? <li key={line}>{line}</li> : null))}
      <li>
        {t("check.sender", { sender: String(sender) })}
        {typeof senderApprovedAt === "string" ? (
          <>
            {" "}
            <DateTime value={new Date(senderApprovedAt)} />
          </>
        ) : null}
      </li>
    </ul>
  );
}

const routeTones: Partial<Record<RouteCandidate["verdict"], Tone>> = { chosen: "success", switched_off: "warning" };

function Routes({ routes }: { routes: RouteCandidate[] }) {
  const t = useTranslations("why");
  return (
    <ul className="mt-1.5 flex flex-col divide-y rounded-md border border-line text-sm">
      {routes.map((route) => (
        <li key={route.routeId} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-2.5 py-1.5">
          <span className="min-w-0 break-words text-ink">
            {route.connectorName}
            <span className="text-ink-faint text-xs">
              {" · "}
              {[route.country, route.operatorId, route.trafficClass].filter(Boolean).join(" · ") || t("anyTraffic")}
              {" · "}
              {t("priorityWeight", { priority: route.priority, weight: route.weight })}
            </span>
          </span>
          <Badge tone={routeTones[route.verdict] ?? "neutral"}>{t(`verdict.${route.verdict}`)}</Badge>
        </li>
      ))}
    </ul>
  );
}

function MoneyLines({ edges, names }: { edges: Edge[]; names: ReadonlyMap<string, string> }) {
  const t = useTranslations("messages");
  return (
    <ul className="mt-0.5 flex flex-col gap-0.5 text-ink-muted text-sm">
      {edges.map((edge) => (
        <li key={edge.hop} className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="min-w-0 break-words">
            {t("sellsTo", {
              seller: names.get(edge.sellerId) ?? t("provider"),
              buyer: names.get(edge.buyerId) ?? t("provider"),
            })}
            <span className="text-ink-faint"> · {t("order", { number: edge.orderNumber })}</span>
          </span>
          <Money micros={edge.totalMicros} currency={edge.currency} />
        </li>
      ))}
    </ul>
  );
}
