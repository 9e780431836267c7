"use client";
/** How a connector stands right now, out of the states of its binds. */
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#app/_ui/badge.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import type { Bind, ConnectorWithBinds } from "#server/domain/routing/list-connectors.ts";

const tones: Record<Bind["state"], Tone> = {
  bound: "success",
  connecting: "info",
  waiting: "warning",
  stopped: "neutral",
  lost: "danger",
};

type Health = { state: Bind["state"] | "disabled" | "starting" | "partly"; bound: number; total: number };

export function healthOf({ status, binds }: Pick<ConnectorWithBinds, "status" | "binds">): Health {
  const bound = binds.filter((bind) => bind.state === "bound").length;
  const figures = { bound, total: binds.length };
  if (status === "disabled") return { state: "disabled", ...figures };
  const [first] = binds;
  if (!first) return { state: "starting", ...figures };
  if (bound === binds.length) return { state: "bound", ...figures };
  return { state: bound > 0 ? "partly" : first.state, ...figures };
}

export function ConnectorState({ connector }: { connector: Pick<ConnectorWithBinds, "status" | "binds"> }) {
  const t = useTranslations("routing");
  const { state, bound, total } = healthOf(connector);
  if (state === "disabled") return <Badge dot>{t("state.disabled")}</Badge>;
  if (state === "starting") return <Badge dot>{t("state.starting")}</Badge>;
  const tone = state === "partly" ? "warning" : tones[state];
  return (
    <Badge dot tone={tone}>
      {total > 1 ? t("boundOf", { state: t(`state.${state}`), bound, total }) : t(`state.${state}`)}
    </Badge>
  );
}

export function BindBadge({ state }: { state: Bind["state"] }) {
  const t = useTranslations("routing");
  return (
    <Badge dot tone={tones[state]}>
      {t(`state.${state}`)}
    </Badge>
  );
}

/** Since when it stands as it does: the latest change of any bind. */
export function StateSince({ binds }: { binds: Bind[] }) {
  const [first, ...others] = binds;
  if (!first) return <span className="text-ink-faint">–</span>;
  const since = others.reduce((latest, bind) => Math.max(latest, bind.since.getTime()), first.since.getTime());
  return <DateTime value={new Date(since)} precision="second" hideZone />;
}

/** The error to look at first: of a bind that does not stand. */
export const lastErrorOf = (binds: Bind[]): string | null =>
  binds.find((bind) => bind.state !== "bound" && bind.lastError)?.lastError ?? null;
