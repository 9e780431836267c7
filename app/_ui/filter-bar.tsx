"use client";
/** Filters bound to the URL: each change is a new address, starting at the first page. */
import { Search, SlidersHorizontal, X } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState, useTransition } from "react";
import { Button } from "#app/_ui/button.tsx";
import { cn } from "#app/_ui/cn.ts";
import { Input, type Option, Select } from "#app/_ui/input.tsx";

export type Filter =
  | { kind: "search"; name: string; label: string }
  | { kind: "select"; name: string; label: string; options: readonly Option[] }
  /** `implied` is what holds while the address names no day: shown, and written down with the first day that is chosen. */
  | { kind: "date"; name: string; label: string; implied?: string };

const pauseMs = 350;
/** In letters: a longer one has no room in half of a narrow screen. */
const longLabel = 13;

/** On narrow screens more boxes than this wait behind a button. */
const maxNarrow = 2;

export function FilterBar({ filters }: { filters: Filter[] }) {
  const t = useTranslations("ui");
  const params = useSearchParams();
  const { set, isPending } = useFilters();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const active = filters.filter((filter) => params.get(filter.name));
  const chosen = (filter: Filter) => params.get(filter.name) ?? "";
  const searches = filters.filter((filter) => filter.kind === "search");
  const selects = filters.filter((filter) => filter.kind === "select");
  const dates = filters.filter((filter) => filter.kind === "date");
  const isFolded = selects.length + dates.length > maxNarrow;
  const setDay = (changes: Record<string, string>) => set({ ...impliedDays(dates, chosen), ...changes });
  const boxes = (shown: Filter[]) =>
    shown.map((filter) => (
      <FilterBox
        key={filter.name}
        filter={filter}
        value={chosen(filter)}
        onChange={filter.kind === "date" ? setDay : set}
        isFolded={isFolded}
      />
    ));
  return (
    <search className="flex flex-wrap items-end gap-2 pb-3" aria-busy={isPending}>
      {boxes(searches)}
      {isFolded ? (
        <Button
          className="sm:hidden"
          icon={<SlidersHorizontal aria-hidden />}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          {t("filters")}
          <FoldedCount count={active.filter((filter) => filter.kind !== "search").length} />
        </Button>
      ) : null}
      <div id={id} className={cn("contents", isFolded && !isOpen && "max-sm:hidden")}>
        {boxes(selects)}
        {dates.length > 0 ? <div className="flex gap-2 max-sm:w-full">{boxes(dates)}</div> : null}
      </div>
      {active.length > 0 ? (
        <Button
          look="ghost"
          icon={<X aria-hidden />}
          onClick={() => set(Object.fromEntries(active.map((filter) => [filter.name, ""])))}
        >
          {t("clearFilters")}
        </Button>
      ) : null}
    </search>
  );
}

/** Who changes one end of what is shown means the other one as it stands there. */
function impliedDays(dates: readonly Filter[], chosen: (filter: Filter) => string): Record<string, string> {
  return Object.fromEntries(
    dates.flatMap((filter) => {
      const day = chosen(filter) || (filter.kind === "date" ? filter.implied : undefined);
      return day ? [[filter.name, day]] : [];
    }),
  );
}

function FoldedCount({ count }: { count: number }) {
  if (count === 0) return null;
  return <span className="rounded-full bg-brand-soft px-1.5 text-brand-ink text-xs tabular-nums">{count}</span>;
}

function useFilters() {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const [isPending, start] = useTransition();
  function set(changes: Record<string, string>) {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries({ ...changes, cursor: "", trail: "" })) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    start(() => router.replace(next.size > 0 ? `${path}?${next}` : path, { scroll: false }));
  }
  return { set, isPending };
}

type BoxProps = {
  filter: Filter;
  value: string;
  onChange: (changes: Record<string, string>) => void;
  isFolded: boolean;
};

function FilterBox({ filter, value, onChange, isFolded }: BoxProps) {
  const t = useTranslations("ui");
  const id = useId();
  if (filter.kind === "search")
    return <SearchBox name={filter.name} label={filter.label} value={value} onChange={onChange} />;
  if (filter.kind === "date") {
    return (
      <label
        htmlFor={id}
        className="flex items-center gap-2 text-ink-faint text-xs max-sm:min-w-0 max-sm:flex-1 max-sm:flex-col max-sm:items-stretch max-sm:gap-1"
      >
        {filter.label}
        <Input
          id={id}
          type="date"
          className="w-36 text-sm max-sm:w-full"
          value={value || (filter.implied ?? "")}
          onChange={(event) => onChange({ [filter.name]: event.target.value })}
        />
      </label>
    );
  }
  const placeholder = t("filterAll", { label: filter.label });
  return (
    <Select
      aria-label={filter.label}
      className={cn(
        "w-auto min-w-36 max-sm:flex-1 sm:max-w-56",
        (isFolded || placeholder.length > longLabel) && "max-sm:min-w-full",
      )}
      placeholder={placeholder}
      options={filter.options}
      value={value}
      onChange={(event) => onChange({ [filter.name]: event.target.value })}
    />
  );
}

/** Waits for a pause in the typing; the address stays the truth when it changes by other means. */
function SearchBox({
  name,
  label,
  value,
  onChange,
}: { name: string; label: string; value: string } & Pick<BoxProps, "onChange">) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text.trim();
      onChange({ [name]: text.trim() });
    }, pauseMs);
    return () => clearTimeout(timer);
  });
  return (
    <span className="relative w-64 max-sm:w-full">
      <Search
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-faint"
        aria-hidden
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        className="pl-8 text-sm"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </span>
  );
}
