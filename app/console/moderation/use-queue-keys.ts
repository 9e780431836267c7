"use client";
/** Keys of the queue: j and k move, a and r decide, Enter opens. Quiet while something is typed or a dialog is open. */
import { useEffect, useRef } from "react";

export type QueueKeys = { j: () => void; k: () => void; a: () => void; r: () => void };

/** After "g" the next letter belongs to the console's own keys. */
const chordMs = 1_200;

export function useQueueKeys(keys: QueueKeys): void {
  const leaderAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      const isChord = event.timeStamp - leaderAt.current < chordMs;
      leaderAt.current = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const act = keys[event.key as keyof QueueKeys];
      if (!act || isChord) return;
      event.preventDefault();
      act();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [keys]);
}

const isBusy = (target: EventTarget | null) =>
  document.querySelector("[role=dialog]") !== null ||
  (target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, [role=menu]") !== null));
