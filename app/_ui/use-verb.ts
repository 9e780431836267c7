"use client";
/** Calls one verb from an island: toast on success, the page's data read again, the error in the reader's language. */
import { type UseMutationOptions, useMutation } from "@tanstack/react-query";
import type { TRPCClientErrorLike } from "@trpc/client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import type { AppRouter } from "#server/routers/root.ts";

export type VerbError = TRPCClientErrorLike<AppRouter>;
/** What `useTRPC().room.verb.mutationOptions()` gives. */
export type Verb<In, Out> = UseMutationOptions<Out, VerbError, In>;

type VerbOptions<Out> = {
  /** Said in a toast when it worked. */
  success?: string | ((result: Out) => string);
  onDone?: (result: Out) => void;
  /** Leave it to the caller to show errors, as forms do. */
  quiet?: boolean;
};

/** `const { run, isPending } = useVerb(trpc.orders.sign.mutationOptions(), { success: t("signed") })` */
export function useVerb<In, Out>(verb: Verb<In, Out>, { success, onDone, quiet }: VerbOptions<Out> = {}) {
  const router = useRouter();
  const errorText = useErrorText();
  const mutation = useMutation(verb);
  /** Resolves to the result; to undefined when it failed and the error has been shown; rejects only when quiet. */
  async function run(input: In): Promise<Out | undefined> {
    try {
      const result = await mutation.mutateAsync(input);
      const text = typeof success === "function" ? success(result) : success;
      if (text) toast.success(text);
      router.refresh();
      onDone?.(result);
      return result;
    } catch (error) {
      if (quiet) throw error;
      toast.error(errorText(error));
      return undefined;
    }
  }
  return { run, isPending: mutation.isPending };
}

/** Texts stand in the catalogue under `errors.<code>`; a code without a text shows the verb's own English message. */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations("errors");
  return (error) => {
    const domain = domainOf(error);
    if (domain && t.has(domain.code)) return t(domain.code, plain(domain.detail));
    if (domain) return domain.message;
    const code = (error as { data?: { code?: string } } | null)?.data?.code;
    if (code === "UNAUTHORIZED") return t("signed_out");
    return code ? t("unexpected") : t("offline");
  };
}

export type DomainFailure = { code: string; message: string; detail: Record<string, unknown> };

/** The DomainError behind a failed call, or null when it failed otherwise. */
export function domainOf(error: unknown): DomainFailure | null {
  const { data, message } = (error ?? {}) as Partial<VerbError>;
  const domain = (data as { domain?: { code: string; detail?: Record<string, unknown> } | null } | undefined)?.domain;
  return domain ? { code: domain.code, message: message ?? domain.code, detail: domain.detail ?? {} } : null;
}

/** What a text may take as arguments. */
function plain(detail: Record<string, unknown>): Record<string, string | number> {
  const usable = Object.entries(detail).filter(([, value]) => typeof value === "string" || typeof value === "number");
  return Object.fromEntries(usable) as Record<string, string | number>;
}
