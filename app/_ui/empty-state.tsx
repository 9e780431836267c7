/** Nothing here yet: says why, and the next step. */
import { Inbox, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** @property isPage nothing else stands on the page: the title is its heading */
type EmptyStateProps = {
  title: string;
  description?: ReactNode;
  action?: ReactNode;
  icon?: LucideIcon;
  isPage?: boolean;
};

export function EmptyState({ title, description, action, icon: Icon = Inbox, isPage }: EmptyStateProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className="flex flex-col items-center rounded-lg border border-line-strong border-dashed bg-canvas px-6 py-12 text-center">
      <span className="mb-3 flex size-10 items-center justify-center rounded-full bg-muted text-ink-faint">
        <Icon className="size-5" aria-hidden />
      </span>
      <Title className="font-medium text-base text-ink">{title}</Title>
      {description ? <p className="mt-1 max-w-md text-balance text-ink-faint text-sm">{description}</p> : null}
      {action ? <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
