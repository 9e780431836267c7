"use client";
/** The draft in the composer: every change is kept by itself, a moment after the typing pauses. */
import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { measureTemplate } from "#app/console/campaigns/compose/measure-template.ts";
import type { UpdateCampaign } from "#server/domain/campaigns/input.ts";

export type Draft = {
  name: string;
  trafficClass: "transactional" | "bulk";
  senderId: string | null;
  template: string;
  scheduledAt: Date | null;
  timeZone: string | null;
};
export type Saving =
  | { kind: "saved" }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "unreadable" }
  | { kind: "failed"; error: unknown };

type Changes = Omit<UpdateCampaign, "id">;
const pauseMs = 700;

/** A variable that is just being typed is not closed yet: the server would refuse the text. */
const isReadable = ({ template }: Changes): boolean =>
  template === undefined || measureTemplate(template, null).isReadable;

/** `version` grows with everything that was saved: what is computed from the draft depends on it. */
export function useDraft(id: string, initial: Draft) {
  const trpc = useTRPC();
  const { mutateAsync } = useMutation(trpc.campaigns.update.mutationOptions());
  const [draft, setDraft] = useState(initial);
  const [saving, setSaving] = useState<Saving>({ kind: "saved" });
  const [version, setVersion] = useState(0);
  const pending = useRef<Changes>({});
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const running = useRef<Promise<boolean>>(Promise.resolve(true));

  /** Saves what waits, after what is being saved. @returns false when it was refused */
  const flush = useCallback((): Promise<boolean> => {
    clearTimeout(timer.current);
    running.current = running.current.then(async () => {
      const changes = pending.current;
      if (Object.keys(changes).length === 0) return true;
      if (!isReadable(changes)) return false;
      pending.current = {};
      setSaving({ kind: "saving" });
      try {
        await mutateAsync({ id, ...changes });
        setVersion((before) => before + 1);
        const isMore = Object.keys(pending.current).length > 0;
        setSaving({ kind: isMore ? "waiting" : "saved" });
        return true;
      } catch (error) {
        pending.current = { ...changes, ...pending.current };
        setSaving({ kind: "failed", error });
        return false;
      }
    });
    return running.current;
  }, [id, mutateAsync]);

  const change = useCallback(
    (changes: Partial<Draft>) => {
      setDraft((before) => ({ ...before, ...changes }));
      // An empty name cannot be kept; the one before stays until there is a new one.
      const { name, ...rest } = changes;
      pending.current = { ...pending.current, ...rest, ...(name?.trim() ? { name: name.trim() } : {}) };
      clearTimeout(timer.current);
      if (!isReadable(pending.current)) return setSaving({ kind: "unreadable" });
      setSaving({ kind: "waiting" });
      timer.current = setTimeout(() => void flush(), pauseMs);
    },
    [flush],
  );
  useKeepBeforeLeaving(saving, flush);
  const touch = useCallback(() => setVersion((before) => before + 1), []);
  return { draft, change, flush, saving, version, touch };
}

/** The browser asks before it throws away what is not kept yet; leaving by a link saves it on the way. */
function useKeepBeforeLeaving(saving: Saving, flush: () => Promise<boolean>): void {
  useEffect(() => {
    if (saving.kind === "saved") return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [saving.kind]);
  useEffect(
    () => () => {
      void flush();
    },
    [flush],
  );
}
