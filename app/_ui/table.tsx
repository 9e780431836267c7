/** The one table: server-rendered, dense, with cards instead of columns where the screen is narrow. */
import type { ReactNode } from "react";
import { cn } from "#app/_ui/cn.ts";
import { HoverLink } from "#app/_ui/hover-link.tsx";

export type Column<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers and money stand at the right. */
  align?: "right";
  className?: string;
  /** Left out on narrow screens. */
  wideOnly?: boolean;
};

export type TableProps<Row> = {
  /** Read to screen readers; shown nowhere else. */
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Makes the whole row a link, laid over the first column's content. */
  rowHref?: (row: Row) => string;
  /** Shown instead of the table when there are no rows: an EmptyState. */
  empty: ReactNode;
  /** Keeps columns and scrolls sideways in its own box; for tables that are compared line by line. */
  scroll?: boolean;
  footer?: ReactNode;
};

export function Table<Row>({ caption, columns, rows, rowKey, rowHref, empty, scroll, footer }: TableProps<Row>) {
  if (rows.length === 0) return <>{empty}</>;
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-canvas shadow-card">
      {/* A table that scrolls must be reachable by keyboard. */}
      <div
        className={cn(scroll && "scroll-hint overflow-x-auto")}
        {...(scroll ? { tabIndex: 0, role: "region", "aria-label": caption } : {})}
      >
        <table className={cn("w-full border-collapse text-left text-sm", !scroll && "table-cards")}>
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr className="border-b bg-subtle">
              {columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  className={cn(
                    "h-8 whitespace-nowrap px-4 font-medium text-ink-faint text-xs",
                    column.align === "right" && "text-right",
                    column.wideOnly && "max-sm:hidden",
                  )}
                >
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {rows.map((row) => (
              <TableRow key={rowKey(row)} row={row} columns={columns} href={rowHref?.(row)} isCards={!scroll} />
            ))}
          </tbody>
        </table>
      </div>
      {footer ? <div className="border-t bg-subtle px-4 py-2">{footer}</div> : null}
    </div>
  );
}

type TableRowProps<Row> = { row: Row; columns: Column<Row>[]; href: string | undefined; isCards: boolean };

function TableRow<Row>({ row, columns, href, isCards }: TableRowProps<Row>) {
  return (
    <tr className={cn("relative", href && "transition-colors hover:bg-subtle")}>
      {columns.map((column, at) => (
        <td
          key={column.key}
          data-label={column.header}
          className={cn(
            "max-w-80 text-ink-muted",
            // Cards bring their own spacing where the screen is narrow.
            isCards ? "sm:h-10 sm:px-4 sm:py-1.5" : "h-10 px-4 py-1.5",
            at === 0 && "font-medium text-ink",
            column.align === "right" && "text-right tabular-nums",
            column.wideOnly && "max-sm:hidden!",
            column.className,
          )}
        >
          {at === 0 && href ? (
            <HoverLink
              href={href}
              className="block min-w-0 after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-brand-ink focus-visible:after:-outline-offset-2"
            >
              {column.cell(row)}
            </HoverLink>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

/** Lifts a button or menu in a cell above the row's link. */
export function RowActions({ children }: { children: ReactNode }) {
  return <div className="relative z-10 flex justify-end gap-1">{children}</div>;
}
