"use client";
import { useTranslations } from "next-intl";
/** The one form helper: a verb's zod shape checks as you type, the verb is called, its errors land on their fields. */
import { type ReactNode, useRef, useState } from "react";
import { type DefaultValues, type FieldValues, FormProvider, type UseFormReturn, useForm } from "react-hook-form";
import type { z } from "zod";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { freshId } from "#app/_ui/fresh-id.ts";
import { useSchemaResolver } from "#app/_ui/schema-resolver.ts";
import { useHydrated } from "#app/_ui/use-hydrated.ts";
import { domainOf, useErrorText, useVerb, type Verb } from "#app/_ui/use-verb.ts";

export type FormProps<In extends FieldValues, Out> = {
  /** The verb's own input shape, from the room's input.ts. */
  schema: z.ZodType<unknown, In>;
  /** `useTRPC().room.verb.mutationOptions()` */
  verb: Verb<In, Out>;
  defaults?: DefaultValues<In>;
  /** The field that gets a new id, kept until the call succeeds: a repeated click makes nothing twice. */
  freshIdAs?: Extract<keyof In, string>;
  /** Last touch before checking and sending, for example to turn a decimal into micro-units. */
  prepare?: (values: In) => In;
  submit: string;
  success?: string | ((result: Out) => string);
  onDone?: (result: Out) => void;
  danger?: boolean;
  /** When the shape is first checked: as fields are left, or, for lists of rows that are still being filled, at sending. */
  checks?: "onTouched" | "onSubmit";
  /** Beside the submit button: usually a Cancel. */
  secondary?: ReactNode;
  children: ReactNode;
};

export function Form<In extends FieldValues, Out>(props: FormProps<In, Out>) {
  const { schema, verb, defaults, freshIdAs, prepare, submit, success, onDone, danger, secondary, children } = props;
  const t = useTranslations("ui");
  const [id, renewId] = useState(freshId);
  const values = { ...defaults, ...(freshIdAs ? { [freshIdAs]: id } : {}) } as DefaultValues<In>;
  const form = useForm<In>({
    defaultValues: values,
    resolver: useSchemaResolver(schema, prepare),
    mode: props.checks ?? "onTouched",
  });
  const showErrors = useServerErrors(form, freshIdAs);
  const isAlive = useHydrated();
  const isSent = useRef(false);
  const { run, isPending } = useVerb(verb, { success, quiet: true });
  async function send(input: In) {
    if (isSent.current) return;
    isSent.current = true;
    try {
      const result = await run(input);
      if (freshIdAs) {
        const next = freshId();
        renewId(next);
        form.reset({ ...values, [freshIdAs]: next } as DefaultValues<In>);
      }
      onDone?.(result as Out);
    } catch (error) {
      showErrors(error);
    } finally {
      isSent.current = false;
    }
  }
  const general = form.formState.errors.root?.message;
  return (
    <FormProvider {...form}>
      <form
        method="post"
        noValidate
        onSubmit={form.handleSubmit(send)}
        className="flex flex-col gap-4"
        aria-busy={isPending}
      >
        {general ? <Callout kind="danger">{general}</Callout> : null}
        {children}
        <div className="flex flex-row-reverse flex-wrap items-center justify-start gap-2 pt-1">
          <Button type="submit" look={danger ? "danger" : "primary"} busy={isPending} disabled={!isAlive}>
            {submit}
          </Button>
          {secondary}
          {form.formState.submitCount > 0 && Object.keys(form.formState.errors).some((key) => key !== "root") ? (
            <p className="mr-auto text-danger text-xs">{t("checkFields")}</p>
          ) : null}
        </div>
      </form>
    </FormProvider>
  );
}

type Issue = { field?: string; message?: string };

/** A verb's refusal goes to the field it names, in the reader's language, or above the form when it names none. */
function useServerErrors<In extends FieldValues>(form: UseFormReturn<In>, freshIdAs: string | undefined) {
  const errorText = useErrorText();
  return (error: unknown) => {
    const domain = domainOf(error);
    const own = domain?.detail.field ? [{ field: String(domain.detail.field), message: errorText(error) }] : [];
    const listed = domain?.code === "invalid_input" ? ((domain.detail.issues as Issue[] | undefined) ?? []) : [];
    const onFields = [...own, ...listed].filter((issue) => {
      const top = issue.field?.split(".")[0] ?? "";
      return top !== "" && top !== freshIdAs && top in form.getValues();
    });
    for (const issue of onFields)
      form.setError(issue.field as never, { message: issue.message }, { shouldFocus: true });
    if (onFields.length === 0) form.setError("root", { message: errorText(error) });
  };
}
