"use client";
/** What became of a file: how many of its rows were taken, and why the others were not. */
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { buttonLook } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Skeleton } from "#app/_ui/skeleton.tsx";
import { ListFigures } from "#app/console/recipients/list-figures.tsx";

export function UploadResult({ id }: { id: string }) {
  const t = useTranslations("contacts");
  const trpc = useTRPC();
  const { data: list } = useQuery({ ...trpc.contacts.list.queryOptions({ id }), staleTime: 0 });
  if (!list || list.status === "importing") return <Skeleton className="h-24" />;
  const rejected = list.rowCount - list.acceptedCount;
  return (
    <div className="flex flex-col gap-4">
      <Callout kind={list.acceptedCount > 0 ? "success" : "warning"}>
        {list.acceptedCount > 0 ? t("listReady", { name: list.name }) : t("listEmpty", { name: list.name })}
      </Callout>
      <ListFigures list={list} />
      {rejected > 0 ? (
        <p>
          <a className={buttonLook({ size: "sm" })} href={`/api/exports/rejected-rows/${id}`} download>
            <Download aria-hidden />
            {t("downloadRejected")}
          </a>
        </p>
      ) : null}
    </div>
  );
}
