"use client";
/** The page-wide form of a connector, new or known. A stored password is never shown; an empty box keeps it. */
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Form } from "#app/_ui/form.tsx";
import type { Option } from "#app/_ui/input.tsx";
import { ConnectorFields, OwnerField } from "#app/console/connectors/connector-fields.tsx";
import type { Connector } from "#server/domain/routing/connector-scope.ts";
import { type CreateConnector, createConnector, updateConnector } from "#server/domain/routing/input.ts";

/** What most carriers ask for. */
const usual: Partial<CreateConnector> = {
  port: 2775,
  tls: false,
  bindMode: "transceiver",
  bindCount: 1,
  windowSize: 50,
  maxPerSecond: 0,
  sourceTon: 5,
  sourceNpi: 0,
  destTon: 1,
  destNpi: 1,
  gsmDataCoding: 0,
  unknownPolicy: "wait",
  responseTimeoutMs: 10_000,
  enquireLinkMs: 30_000,
  receiptTimeoutHours: 72,
  maxAttempts: 5,
  concatenation: "udh8",
  passedTlvs: ["source_port", "destination_port"],
  validityFormat: "relative",
  otpPriority: 1,
  failoverAfterSeconds: 60,
  maxMoves: 2,
};

/** Choices of a number come from a select as text, and a list of names from a box. */
type Written = { sourceTon?: unknown; sourceNpi?: unknown; destTon?: unknown; destNpi?: unknown; passedTlvs?: unknown };
function asVerbTakes<T extends Written>(values: T): T {
  const number = (value: unknown) => (value === undefined ? undefined : Number(value));
  return {
    ...values,
    sourceTon: number(values.sourceTon),
    sourceNpi: number(values.sourceNpi),
    destTon: number(values.destTon),
    destNpi: number(values.destNpi),
    passedTlvs: String(values.passedTlvs ?? "")
      .split(/[\s,;]+/)
      .filter((name) => name !== ""),
  };
}

export function NewConnector({ owners, ownerId }: { owners: Option[]; ownerId: string }) {
  const t = useTranslations("routing");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const router = useRouter();
  return (
    <Form
      schema={createConnector}
      verb={trpc.routing.createConnector.mutationOptions()}
      freshIdAs="id"
      defaults={{ tenantId: ownerId, ...usual }}
      prepare={asVerbTakes}
      submit={t("createConnector")}
      success={(connector) => t("connectorCreated", { name: connector.name })}
      onDone={(connector) => router.push(`/console/connectors/${connector.id}`)}
      secondary={<ButtonLink href="/console/connectors">{ui("cancel")}</ButtonLink>}
    >
      <OwnerField owners={owners} />
      <ConnectorFields keepsPassword={false} />
    </Form>
  );
}

/** Without what the form does not change. */
export type EditableConnector = Omit<
  Connector,
  "tenantId" | "kind" | "createdAt" | "updatedAt" | "status" | "receiptNotation"
>;

export function EditConnector({ connector }: { connector: EditableConnector }) {
  const t = useTranslations("routing");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const router = useRouter();
  const page = `/console/connectors/${connector.id}`;
  return (
    <Form
      schema={updateConnector}
      verb={trpc.routing.updateConnector.mutationOptions()}
      defaults={connector}
      // An emptied box means "none" here, where else it would mean "as it is".
      prepare={(values) =>
        asVerbTakes({ ...values, systemType: values.systemType ?? "", serviceType: values.serviceType ?? "" })
      }
      submit={ui("save")}
      success={t("connectorSaved", { name: connector.name })}
      onDone={() => router.push(page)}
      secondary={<ButtonLink href={page}>{ui("cancel")}</ButtonLink>}
    >
      <ConnectorFields keepsPassword />
    </Form>
  );
}
