"use client";
/** Filters bound to the URL: each change is a new address, starting at the first page. */
import { Search, X } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState, useTransition } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Input, type Option, Select } from "#app/_ui/input.tsx";

export type Filter =
  | { kind: "search"; name: string; label: string }
  | { kind: "select"; name: string; label: string; options: readonly Option[] }
  | { kind: "date"; name: string; label: string };

const pauseMs = 350;

export function FilterBar({ filters }: { filters: Filter[] }) {
  const t = useTranslations("ui");
  const params = useSearchParams();
  const { set, isPending } = useFilters();
  const active = filters.filter((filter) => params.get(filter.name));
  return (
    <search className="flex flex-wrap items-end gap-2 pb-3" aria-busy={isPending}>
      {filters.map((filter) => (
        <FilterBox key={filter.name} filter={filter} value={params.get(filter.name) ?? ""} onChange={set} />
      ))}
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

type BoxProps = { filter: Filter; value: string; onChange: (changes: Record<string, string>) => void };

function FilterBox({ filter, value, onChange }: BoxProps) {
  const t = useTranslations("ui");
  const id = useId();
  if (filter.kind === "search")
    return <SearchBox name={filter.name} label={filter.label} value={value} onChange={onChange} />;
  if (filter.kind === "date") {
    return (
      <label htmlFor={id} className="flex items-center gap-2 text-ink-faint text-xs">
        {filter.label}
        <Input
          id={id}
          type="date"
          className="w-36 text-sm"
          value={value}
          onChange={(event) => onChange({ [filter.name]: event.target.value })}
        />
      </label>
    );
  }
  return (
    <Select
      aria-label={filter.label}
      className="w-auto min-w-36 max-w-56 max-sm:flex-1"
      placeholder={t("filterAll", { label: filter.label })}
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
