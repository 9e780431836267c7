"use client";
/** Creates, changes, switches and deletes routes. */
import { Pencil, Plus, Power } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { RowActions } from "#app/_ui/table.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import { type RouteChoices, RouteFields } from "#app/console/routes/route-fields.tsx";
import { createRoute, type UpdateRoute, updateRoute } from "#server/domain/routing/input.ts";
import type { RouteWithNames } from "#server/domain/routing/list-routes.ts";

type Match = Pick<UpdateRoute, "country" | "operatorId" | "trafficClass">;

/** An empty choice is "any". */
const anyWhenEmpty = <T extends Match>(values: T): T => ({
  ...values,
  country: values.country ?? null,
  operatorId: values.operatorId ?? null,
  trafficClass: values.trafficClass ?? null,
});

export function CreateRoute({ choices, tenantId }: { choices: RouteChoices; tenantId: string }) {
  const t = useTranslations("routing");
  const trpc = useTRPC();
  const [onlyConnector] = choices.connectors;
  return (
    <FormDialog
      wide
      title={t("newRoute")}
      description={t("newRouteLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("newRoute")}
        </Button>
      }
      schema={createRoute}
      verb={trpc.routing.createRoute.mutationOptions()}
      freshIdAs="id"
      defaults={{
        tenantId,
        priority: 100,
        weight: 1,
        connectorId: choices.connectors.length === 1 ? onlyConnector?.value : undefined,
      }}
      prepare={anyWhenEmpty}
      submit={t("createRoute")}
      success={t("routeCreated")}
    >
      <RouteFields choices={choices} isNew />
    </FormDialog>
  );
}

export function RouteRowActions({ route, choices }: { route: RouteWithNames; choices: RouteChoices }) {
  return (
    <RowActions>
      <EditRoute route={route} choices={choices} />
      <SwitchRoute route={route} />
      <DeleteRoute route={route} />
    </RowActions>
  );
}

function EditRoute({ route, choices }: { route: RouteWithNames; choices: RouteChoices }) {
  const t = useTranslations("routing");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const { id, country, operatorId, trafficClass, connectorId, priority, weight } = route;
  return (
    <FormDialog
      wide
      title={t("editRoute")}
      description={t("editRouteLead", { name: route.tenantName })}
      trigger={<Button look="ghost" size="icon" aria-label={t("editRoute")} icon={<Pencil aria-hidden />} />}
      schema={updateRoute}
      verb={trpc.routing.updateRoute.mutationOptions()}
      defaults={{ id, country, operatorId, trafficClass, connectorId, priority, weight }}
      prepare={anyWhenEmpty}
      submit={ui("save")}
      success={ui("saved")}
    >
      <RouteFields choices={choices} isNew={false} />
    </FormDialog>
  );
}

function SwitchRoute({ route: { id, status } }: { route: RouteWithNames }) {
  const t = useTranslations("routing");
  const trpc = useTRPC();
  const isOn = status === "enabled";
  const { run, isPending } = useVerb(trpc.routing.updateRoute.mutationOptions(), {
    success: t(isOn ? "routeDisabled" : "routeEnabled"),
  });
  return (
    <Button
      look="ghost"
      size="icon"
      busy={isPending}
      aria-label={t(isOn ? "disableRoute" : "enableRoute")}
      icon={<Power aria-hidden />}
      onClick={() => run({ id, status: isOn ? "disabled" : "enabled" })}
    />
  );
}

function DeleteRoute({ route }: { route: RouteWithNames }) {
  const t = useTranslations("routing");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      title={t("deleteRouteTitle")}
      description={t("deleteRouteLead", { tenant: route.tenantName, connector: route.connectorName })}
      label={t("deleteRoute")}
      verb={trpc.routing.deleteRoute.mutationOptions()}
      input={{ id: route.id }}
      success={t("routeDeleted")}
    />
  );
}
