/** The way to the first message, for a tenant that has sent none: what is done, what is next. */
import { Check, ChevronRight } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import type { Viewer } from "#app/_trpc/viewer.ts";
import { Card } from "#app/_ui/card.tsx";
import { cn } from "#app/_ui/cn.ts";
import { HoverLink } from "#app/_ui/hover-link.tsx";

type StepKey = "brand" | "connector" | "sell" | "order" | "sender" | "list" | "message";
type Step = { key: StepKey; href: string; isDone: boolean };

export async function FirstSteps({ viewer }: { viewer: Viewer }) {
  const [t, ui, steps] = await Promise.all([
    getTranslations("dashboard.steps"),
    getTranslations("ui"),
    stepsOf(viewer),
  ]);
  if (steps.length === 0) return null;
  const next = steps.find((step) => !step.isDone);
  return (
    <Card title={t("title")} description={t("lead")}>
      <ol className="-mx-4 -mb-4 divide-y border-line border-t">
        {steps.map((step, at) => (
          <li
            key={step.key}
            className="relative flex items-center gap-3 px-4 py-3 hover:bg-subtle"
            aria-current={step === next ? "step" : undefined}
          >
            <StepMark at={at + 1} isDone={step.isDone} isNext={step === next} />
            <div className="min-w-0 flex-1">
              <HoverLink
                href={step.href}
                className={cn(
                  "text-base after:absolute after:inset-0",
                  step.isDone ? "text-ink-faint" : "font-medium text-ink",
                )}
              >
                {t(`${step.key}.title`)}
                {step.isDone ? <span className="sr-only"> ({ui("status.done")})</span> : null}
              </HoverLink>
              <p className="text-ink-faint text-sm">{t(`${step.key}.hint`)}</p>
            </div>
            <ChevronRight className="size-4 shrink-0 text-ink-faint" aria-hidden />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function StepMark({ at, isDone, isNext }: { at: number; isDone: boolean; isNext: boolean }) {
  const look = isDone ? "bg-success-soft text-success" : isNext ? "bg-brand text-on-brand" : "bg-muted text-ink-faint";
  return (
    <span
      aria-hidden
      className={cn("flex size-6 shrink-0 items-center justify-center rounded-full font-semibold text-xs", look)}
    >
      {isDone ? <Check className="size-3.5" /> : at}
    </span>
  );
}

const running = ["active", "nearly_used"] as const;

/** Only what this role may do or see. A root buys from nobody: it connects a carrier instead. */
async function stepsOf({ tenant, may }: Viewer): Promise<Step[]> {
  const caller = await api();
  const isRoot = tenant.parentId === null;
  const asks: ([StepKey, string, () => Promise<boolean>] | false)[] = [
    may("branding.write") && [
      "brand",
      "/console/brand",
      async () => (await caller.branding.get({ tenantId: tenant.id })).own !== null,
    ],
    isRoot &&
      may("routing.write") && [
        "connector",
        "/console/connectors",
        async () => (await caller.routing.connectors()).length > 0,
      ],
    !isRoot && [
      "order",
      "/console/orders?tab=bought",
      async () => (await caller.orders.list({ role: "buyer", status: [...running], limit: 1 })).items.length > 0,
    ],
    tenant.kind !== "subaccount" &&
      may("tenants.write") && [
        "sell",
        "/console/tenants",
        async () => (await caller.orders.list({ role: "seller", status: [...running], limit: 1 })).items.length > 0,
      ],
    may("senders.register") && [
      "sender",
      "/console/senders",
      async () => (await caller.senders.list({ view: "own", status: "approved", limit: 1 })).items.length > 0,
    ],
    may("contacts.write") && [
      "list",
      "/console/recipients",
      async () => (await caller.contacts.lists({ limit: 1 })).items.length > 0,
    ],
    may("messages.send") && ["message", "/console/messages/send", async () => false],
  ];
  const open = asks.filter((ask) => ask !== false);
  return Promise.all(open.map(async ([key, href, isDone]) => ({ key, href, isDone: await isDone() })));
}
