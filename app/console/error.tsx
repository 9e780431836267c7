"use client";
/** A console page that failed; the menu around it stays. */
import { Failure, type FailureProps } from "#app/_ui/failure.tsx";

export default function ConsoleError(props: FailureProps) {
  return <Failure {...props} />;
}
