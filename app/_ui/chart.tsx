"use client";
/** Charts in the theme's colours, each with its figures as a table for those who cannot see it or want the numbers. */
import { useTranslations } from "next-intl";
import { type ReactNode, useId, useState } from "react";
import { Area, AreaChart, Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { cn } from "#app/_ui/cn.ts";

export type Series = { key: string; label: string; color?: ChartColor };
export type ChartColor = "1" | "2" | "3" | "4" | "5" | "6";
export type Datum = { label: string } & { [key: string]: string | number };

export type ChartProps = {
  /** Says what the chart shows. */
  label: string;
  data: Datum[];
  series: Series[];
  height?: number;
  stacked?: boolean;
  kind?: "area" | "bar";
};

const colorOf = (series: Series, at: number) => `var(--chart-${series.color ?? String((at % 6) + 1)})`;

export function Chart({ label, data, series, height = 240, stacked, kind = "area" }: ChartProps) {
  const t = useTranslations("ui");
  const [isTable, setTable] = useState(false);
  const id = useId();
  return (
    <figure aria-labelledby={id}>
      <figcaption className="mb-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span id={id} className="sr-only">
          {label}
        </span>
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-ink-muted text-sm">
          {series.map((one, at) => (
            <li key={one.key} className="flex items-center gap-1.5">
              <span aria-hidden className="size-2 rounded-full" style={{ background: colorOf(one, at) }} />
              {one.label}
            </li>
          ))}
        </ul>
        <button
          type="button"
          className="rounded text-ink-faint text-xs underline-offset-2 hover:text-ink hover:underline"
          onClick={() => setTable(!isTable)}
        >
          {isTable ? t("showChart") : t("showTable")}
        </button>
      </figcaption>
      {isTable ? null : (
        <div aria-hidden style={{ height: kind === "bar" ? data.length * barHeight + axisHeight : height }}>
          <ResponsiveContainer width="100%" height="100%">
            {kind === "bar" ? bars(data, series, stacked) : areas(data, series, stacked)}
          </ResponsiveContainer>
        </div>
      )}
      <DataTable label={label} data={data} series={series} isShown={isTable} height={height} />
    </figure>
  );
}

const axis = { stroke: "var(--ink-faint)", fontSize: 11, tickLine: false, axisLine: false } as const;
/** For the names beside bars, in two lines at most; the tip and the table tell the rest. */
const nameWidth = 116;
const mostLetters = 28;
const shortName = (name: string): string => {
  const letters = [...name];
  return letters.length > mostLetters ? `${letters.slice(0, mostLetters - 1).join("")}…` : name;
};
const barMargin = { top: 0, right: 12, bottom: 0, left: 0 };
const barHeight = 30;
const axisHeight = 36;
const margin = { top: 4, right: 4, bottom: 0, left: -8 };
const compact = (value: number) => Intl.NumberFormat(undefined, { notation: "compact" }).format(value);

function frame(): ReactNode[] {
  return [
    <CartesianGrid key="grid" vertical={false} stroke="var(--line)" />,
    <XAxis key="x" dataKey="label" {...axis} tickMargin={8} minTickGap={24} />,
    <YAxis key="y" {...axis} width={60} tickFormatter={compact} allowDecimals={false} />,
    tip(),
  ];
}

const tip = () => (
  <Tooltip
    key="tip"
    isAnimationActive={false}
    cursor={{ fill: "var(--muted)", stroke: "var(--line-strong)" }}
    contentStyle={{
      background: "var(--raised)",
      border: "1px solid var(--line)",
      borderRadius: 8,
      fontSize: 12,
      boxShadow: "var(--shadow-pop)",
    }}
    labelStyle={{ color: "var(--ink-faint)" }}
    itemStyle={{ color: "var(--ink)", padding: 0 }}
  />
);

function areas(data: Datum[], series: Series[], stacked: boolean | undefined) {
  return (
    <AreaChart data={data} margin={margin} accessibilityLayer={false}>
      {frame()}
      {series.map((one, at) => (
        <Area
          key={one.key}
          type="monotone"
          dataKey={one.key}
          name={one.label}
          stackId={stacked ? "all" : undefined}
          stroke={colorOf(one, at)}
          strokeWidth={1.75}
          fill={colorOf(one, at)}
          fillOpacity={stacked ? 0.35 : 0.1}
          dot={false}
          isAnimationActive={false}
        />
      ))}
    </AreaChart>
  );
}

/** Lying, each beside its name: names stand in full beside them where below them there is room for the shortest only. */
function bars(data: Datum[], series: Series[], stacked: boolean | undefined) {
  return (
    <BarChart data={data} layout="vertical" margin={barMargin} barCategoryGap="24%" accessibilityLayer={false}>
      <CartesianGrid horizontal={false} stroke="var(--line)" />
      <XAxis type="number" {...axis} tickMargin={8} minTickGap={24} tickFormatter={compact} allowDecimals={false} />
      <YAxis
        type="category"
        dataKey="label"
        {...axis}
        width={nameWidth}
        interval={0}
        tick={{ width: nameWidth }}
        tickFormatter={shortName}
      />
      {tip()}
      {series.map((one, at) => (
        <Bar
          key={one.key}
          dataKey={one.key}
          name={one.label}
          stackId={stacked ? "all" : undefined}
          fill={colorOf(one, at)}
          radius={stacked ? 0 : [0, 3, 3, 0]}
          maxBarSize={20}
          isAnimationActive={false}
        />
      ))}
    </BarChart>
  );
}

function DataTable({
  label,
  data,
  series,
  isShown,
  height,
}: Pick<ChartProps, "label" | "data" | "series"> & { isShown: boolean; height: number }) {
  return (
    <div className={cn(isShown ? "overflow-auto" : "sr-only")} style={isShown ? { maxHeight: height } : undefined}>
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="border-b text-ink-faint text-xs">
            <td className="py-1" />
            {series.map((one) => (
              <th key={one.key} scope="col" className="px-2 py-1 text-right font-medium">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {data.map((row) => (
            <tr key={row.label}>
              <th scope="row" className="py-1 font-normal text-ink-muted">
                {row.label}
              </th>
              {series.map((one) => (
                <td key={one.key} className="px-2 py-1 text-right tabular-nums">
                  {row[one.key]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
