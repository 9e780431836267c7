/** The head of every console page: where we are, what this is, what can be done here. */
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

export type Crumb = { label: string; href: string };

type PageHeaderProps = {
  title: ReactNode;
  description?: ReactNode;
  /** The way here, without this page itself. */
  crumbs?: Crumb[];
  /** A StatusBadge beside the title. */
  badge?: ReactNode;
  actions?: ReactNode;
};

export function PageHeader({ title, description, crumbs, badge, actions }: PageHeaderProps) {
  return (
    <header className="pb-5">
      {crumbs && crumbs.length > 0 ? <Breadcrumbs crumbs={crumbs} /> : null}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold text-ink text-xl tracking-[-0.01em]">
            <span className="min-w-0 break-words">{title}</span>
            {badge}
          </h1>
          {description ? <p className="mt-0.5 max-w-2xl text-ink-faint text-base">{description}</p> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
    </header>
  );
}

function Breadcrumbs({ crumbs }: { crumbs: Crumb[] }) {
  const t = useTranslations("ui");
  return (
    <nav aria-label={t("breadcrumbs")} className="mb-1.5">
      <ol className="flex flex-wrap items-center gap-1 text-ink-faint text-sm">
        {crumbs.map((crumb) => (
          <li key={crumb.href} className="flex min-w-0 items-center gap-1">
            <Link href={crumb.href} className="max-w-48 truncate rounded hover:text-ink hover:underline">
              {crumb.label}
            </Link>
            <ChevronRight className="size-3.5 shrink-0" aria-hidden />
          </li>
        ))}
      </ol>
    </nav>
  );
}
