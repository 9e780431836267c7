"use client";
/** The page-wide form of a connector that speaks HTTP, new or known. A stored secret is never shown; an empty box keeps it. */
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Form } from "#app/_ui/form.tsx";
import type { Option } from "#app/_ui/input.tsx";
import { OwnerField } from "#app/console/connectors/connector-fields.tsx";
import { PartnerFields } from "#app/console/connectors/partner-fields.tsx";
import type { Connector } from "#server/domain/routing/connector-scope.ts";
import type { HttpDescription, HttpDescriptionInput } from "#server/domain/routing/http-description.ts";
import {
  type CreateHttpConnector,
  createHttpConnector,
  type UpdateHttpConnector,
  updateHttpConnector,
} from "#server/domain/routing/http-input.ts";

/** What most partners ask for. */
const usual: Omit<CreateHttpConnector, "id" | "name"> = {
  description: {
    method: "POST",
    url: "",
    headers: [],
    bodyKind: "json",
    body: '{\n  "from": "{from}",\n  "to": "{to}",\n  "text": "{text}",\n  "reference": "{id}"\n}',
    auth: { kind: "bearer" },
    answer: { statuses: "200-299" },
    receipts: { kind: "callback", idIs: "carrier" },
  },
  windowSize: 10,
  maxPerSecond: 0,
  unknownPolicy: "wait",
  responseTimeoutMs: 10_000,
  receiptTimeoutHours: 72,
  maxAttempts: 5,
  failoverAfterSeconds: 60,
  maxMoves: 2,
};

/** Of every choice, so that a change of mind finds its boxes filled. */
const usualReceipts = {
  answerStatus: 200,
  answerType: "text/plain",
  answerBody: "OK",
  method: "GET" as const,
  headers: [],
  bodyKind: "none" as const,
  everySeconds: 60,
  attempts: 20,
};
const withUsual = <T extends Description>(description: T): T => ({
  ...description,
  receipts: { idIs: "carrier", ...usualReceipts, ...description.receipts },
});

type Description = HttpDescriptionInput;
type Loose = Record<string, unknown>;

const common = ["kind", "idIs", "status", "error", "states"];
const ofKind: Record<Description["receipts"]["kind"], string[]> = {
  none: ["kind"],
  callback: [...common, "id", "to", "list", "allowedIps", "answerStatus", "answerType", "answerBody"],
  poll: [...common, "method", "url", "headers", "bodyKind", "body", "everySeconds", "attempts"],
};

/** Without what belongs to another choice, and without places that were left empty. */
function asVerbTakes<T extends { description?: Description }>(values: T): T {
  const { description } = values;
  if (!description) return values;
  const receipts = description.receipts as Loose & Description["receipts"];
  const fitting = Object.fromEntries(ofKind[receipts.kind].map((name) => [name, receipts[name]]));
  const polls = receipts.kind === "poll" ? { method: "GET", bodyKind: "none", ...withoutBlank(fitting) } : fitting;
  const { auth, answer } = description;
  const named = auth.kind === "header" || auth.kind === "query";
  return {
    ...values,
    description: {
      ...description,
      body: description.bodyKind === "none" ? "" : description.body,
      auth: {
        kind: auth.kind,
        user: auth.user ?? "",
        name: named ? (auth.name ?? "") : "",
        tokenUrl: auth.kind === "oauth" ? (auth.tokenUrl ?? "") : "",
        scope: auth.kind === "oauth" ? (auth.scope ?? "") : "",
      },
      answer: withPlaces(answer),
      receipts: withPlaces(polls),
    } as Description,
  };
}

const withoutBlank = (record: Loose): Loose =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== ""));

const withPlaces = (record: Loose): Loose =>
  Object.fromEntries(Object.entries(withoutBlank(record)).filter(([, value]) => !isEmptyPlace(value)));

const isEmptyPlace = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "from" in value && !(value as { path?: string }).path;

export function NewPartner({ owners, ownerId }: { owners: Option[]; ownerId: string }) {
  const t = useTranslations("routing");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const router = useRouter();
  return (
    <Form
      schema={createHttpConnector}
      verb={trpc.routing.createHttpConnector.mutationOptions()}
      freshIdAs="id"
      defaults={{ tenantId: ownerId, ...usual, description: withUsual(usual.description) }}
      prepare={asVerbTakes<CreateHttpConnector>}
      submit={t("createConnector")}
      success={(connector) => t("partnerCreated", { name: connector.name })}
      onDone={(connector) => router.push(`/console/connectors/${connector.id}`)}
      secondary={<ButtonLink href="/console/connectors">{ui("cancel")}</ButtonLink>}
    >
      <OwnerField owners={owners} />
      <PartnerFields keepsSecret={false} />
    </Form>
  );
}

export function EditPartner({ connector, description }: { connector: Connector; description: HttpDescription }) {
  const t = useTranslations("routing");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const router = useRouter();
  const page = `/console/connectors/${connector.id}`;
  const { id, name, windowSize, maxPerSecond, unknownPolicy, responseTimeoutMs } = connector;
  const { receiptTimeoutHours, maxAttempts, failoverAfterSeconds, maxMoves } = connector;
  const limits = { windowSize, maxPerSecond, unknownPolicy, responseTimeoutMs };
  const failures = { receiptTimeoutHours, maxAttempts, failoverAfterSeconds, maxMoves };
  return (
    <Form
      schema={updateHttpConnector}
      verb={trpc.routing.updateHttpConnector.mutationOptions()}
      defaults={{ id, name, description: withUsual(description), ...limits, ...failures }}
      prepare={asVerbTakes<UpdateHttpConnector>}
      submit={ui("save")}
      success={t("connectorSaved", { name })}
      onDone={() => router.push(page)}
      secondary={<ButtonLink href={page}>{ui("cancel")}</ButtonLink>}
    >
      <PartnerFields keepsSecret />
    </Form>
  );
}
