"use client";
/** When it starts: as soon as it may, or at an hour on the clock of a chosen zone. */
import { useLocale, useTranslations } from "next-intl";
import { useId, useMemo, useState } from "react";
import { Combobox } from "#app/_ui/combobox.tsx";
import { dateText } from "#app/_ui/date-time.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Input } from "#app/_ui/input.tsx";
import { timeZoneOptions } from "#app/_ui/regional-options.ts";
import type { Draft } from "#app/console/campaigns/compose/use-draft.ts";
import { fromClock, toClock } from "#app/console/campaigns/compose/zone-time.ts";

type ScheduleProps = { draft: Draft; ownZone: string; change: (changes: Partial<Draft>) => void };

const hourMs = 3_600_000;

export function Schedule({ draft, ownZone, change }: ScheduleProps) {
  const t = useTranslations("campaigns");
  const name = useId();
  const isLater = draft.scheduledAt !== null;
  const later = () => {
    const soon = new Date(Math.ceil((Date.now() + hourMs) / hourMs) * hourMs);
    change({ scheduledAt: soon, timeZone: draft.timeZone ?? ownZone });
  };
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium text-ink text-sm">{t("schedule.title")}</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <label htmlFor={`${name}-now`} className="flex items-center gap-2 text-base text-ink">
          <input
            id={`${name}-now`}
            type="radio"
            name={name}
            checked={!isLater}
            onChange={() => change({ scheduledAt: null })}
            className="size-4 accent-[var(--brand-ink)]"
          />
          {t("schedule.now")}
        </label>
        <label htmlFor={`${name}-later`} className="flex items-center gap-2 text-base text-ink">
          <input
            id={`${name}-later`}
            type="radio"
            name={name}
            checked={isLater}
            onChange={later}
            className="size-4 accent-[var(--brand-ink)]"
          />
          {t("schedule.later")}
        </label>
      </div>
      {draft.scheduledAt ? (
        <Hour at={draft.scheduledAt} zone={draft.timeZone ?? ownZone} ownZone={ownZone} change={change} />
      ) : null}
    </fieldset>
  );
}

type HourProps = { at: Date; zone: string; ownZone: string; change: ScheduleProps["change"] };

function Hour({ at, zone, ownZone, change }: HourProps) {
  const t = useTranslations("campaigns");
  const locale = useLocale();
  const id = useId();
  const zones = useMemo(() => timeZoneOptions(), []);
  const [typed, setTyped] = useState(() => toClock(at, zone));
  const read = fromClock(typed, zone);
  const set = (text: string, inZone: string) => {
    const moment = fromClock(text, inZone);
    if (moment) change({ scheduledAt: moment.at, timeZone: inZone });
  };
  const isPast = read !== null && read.at.getTime() <= Date.now();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        id={`${id}-at`}
        label={t("schedule.at")}
        error={isPast ? t("schedule.past") : undefined}
        help={
          read?.isShifted ? t("schedule.shifted", { time: dateText(read.at, { locale, timeZone: zone }) }) : undefined
        }
      >
        {(box) => (
          <Input
            {...box}
            type="datetime-local"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              set(event.target.value, zone);
            }}
          />
        )}
      </Field>
      <Field
        id={`${id}-zone`}
        label={t("schedule.zone")}
        help={zone === ownZone ? undefined : t("schedule.yours", { time: dateText(at, { locale, timeZone: ownZone }) })}
      >
        {(box) => (
          <Combobox
            {...box}
            options={zones}
            value={zone}
            onChange={(next) => {
              if (next) set(typed, next);
            }}
          />
        )}
      </Field>
    </div>
  );
}
