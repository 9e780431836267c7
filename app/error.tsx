"use client";
/** A page outside the console that failed. */
import { Failure, type FailureProps } from "#app/_ui/failure.tsx";

export default function RootError(props: FailureProps) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-lg items-center p-4">
      <Failure {...props} />
    </main>
  );
}
