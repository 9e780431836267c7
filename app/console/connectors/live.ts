"use client";
/** Reads connectors again every two seconds while somebody looks: binds come and go by themselves. */
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { ConnectorWithBinds } from "#server/domain/routing/list-connectors.ts";

const everyMs = 2_000;

export function useLiveConnectors(initial: ConnectorWithBinds[]): ConnectorWithBinds[] {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.routing.connectors.queryOptions(undefined, { initialData: initial, refetchInterval: everyMs }),
  );
  return query.data ?? initial;
}

export function useLiveConnector(initial: ConnectorWithBinds): ConnectorWithBinds {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.routing.connector.queryOptions(
      { id: initial.id },
      {
        initialData: initial,
        retry: false,
        // One that was deleted meanwhile does not come back.
        refetchInterval: ({ state }) => (state.error?.data?.code === "NOT_FOUND" ? false : everyMs),
      },
    ),
  );
  return query.data ?? initial;
}
