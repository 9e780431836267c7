/** A message in the page: what is wrong or worth knowing, and what to do. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";

const kinds = {
  info: { Icon: Info, look: "border-info/25 bg-info-soft text-info" },
  success: { Icon: CircleCheck, look: "border-success/25 bg-success-soft text-success" },
  warning: { Icon: TriangleAlert, look: "border-warning/25 bg-warning-soft text-warning" },
  danger: { Icon: CircleAlert, look: "border-danger/25 bg-danger-soft text-danger" },
};

type CalloutProps = {
  kind?: keyof typeof kinds;
  title?: ReactNode;
  action?: ReactNode;
  className?: string;
  children?: ReactNode;
};

export function Callout({ kind = "info", title, action, className, children }: CalloutProps) {
  const { Icon, look } = kinds[kind];
  return (
    <div
      role={kind === "danger" ? "alert" : "status"}
      className={cn("flex gap-2.5 rounded-lg border px-3 py-2.5 text-sm", look, className)}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className={cn(title && "text-ink-muted")}>{children}</div> : null}
      </div>
      {action}
    </div>
  );
}
