"use client";
/** Replaces the editor's rows by rows pasted from a spreadsheet; nothing is stored before the list is saved. */
import { ClipboardPaste } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useFormContext } from "react-hook-form";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Textarea } from "#app/_ui/input.tsx";
import { linesAsText, type OperatorChoice, parsePastedLines } from "#app/console/price-lists/price-lines.ts";
import type { PriceLine, UpdatePriceList } from "#server/domain/pricing/input.ts";

const shownProblems = 5;

type PastePricesProps = { currency: string; operators: OperatorChoice[]; onLines: (lines: PriceLine[]) => void };

export function PastePrices({ currency, operators, onLines }: PastePricesProps) {
  const t = useTranslations("prices");
  const ui = useTranslations("ui");
  const { getValues } = useFormContext<UpdatePriceList>();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const { lines, wrong } = parsePastedLines(text, operators);
  function open(next: boolean) {
    if (next) setText(linesAsText((getValues("items") ?? []).filter(isComplete), currency));
    setOpen(next);
  }
  return (
    <Dialog
      wide
      title={t("paste")}
      description={t("pasteLead")}
      open={isOpen}
      onOpenChange={open}
      trigger={<Button icon={<ClipboardPaste aria-hidden />}>{t("paste")}</Button>}
    >
      <div className="flex flex-col gap-4">
        <Field id={id} label={t("pasteLabel")} help={t("pasteHelp")}>
          {(box) => (
            <Textarea
              rows={10}
              className="font-mono text-sm"
              {...box}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        {wrong.length > 0 ? (
          <Callout kind="danger" title={t("pasteWrong", { count: wrong.length })}>
            <ul>
              {wrong.slice(0, shownProblems).map(({ row, why }) => (
                <li key={row}>{t("pasteRow", { row, why: t(`pasteProblem.${why}`) })}</li>
              ))}
            </ul>
          </Callout>
        ) : null}
        <div className="flex flex-row-reverse justify-start gap-2">
          <Button
            look="primary"
            disabled={lines.length === 0 || wrong.length > 0}
            onClick={() => {
              onLines(lines);
              setOpen(false);
            }}
          >
            {t("takeLines", { count: lines.length })}
          </Button>
          <Button onClick={() => setOpen(false)}>{ui("cancel")}</Button>
        </div>
      </div>
    </Dialog>
  );
}

/** A row whose price is still empty or mistyped. */
const isComplete = (line: PriceLine): boolean => typeof line.unitPriceMicros === "bigint";
