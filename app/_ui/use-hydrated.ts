"use client";
/** False until the page has come alive: a form must not be sent by the browser itself before its island can take it. */
import { useSyncExternalStore } from "react";

const never = () => () => {};

export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
