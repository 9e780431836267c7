"use client";
/** Follows an import that another window or another person has started; reads the page again when it ends. */
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Callout } from "#app/_ui/callout.tsx";

const pollMs = 1_000;

export function ImportProgress({ id }: { id: string }) {
  const t = useTranslations("contacts");
  const trpc = useTRPC();
  const router = useRouter();
  const { data } = useQuery({ ...trpc.contacts.list.queryOptions({ id }), refetchInterval: pollMs });
  const isOver = data !== undefined && data.status !== "importing";
  useEffect(() => {
    if (isOver) router.refresh();
  }, [isOver, router]);
  return (
    <Callout title={t("importing")}>
      {data ? t("readSoFar", { rows: data.rowCount, accepted: data.acceptedCount }) : null}
    </Callout>
  );
}
