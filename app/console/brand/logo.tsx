"use client";
/** The brand's picture: shown, replaced, removed. */
import Image from "next/image";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { logoUrl } from "#app/_brand/icon.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { FileDrop } from "#app/_ui/file-drop.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import { maxLogoBytes } from "#server/domain/branding/input.ts";

type LogoProps = { tenantId: string; version: string | null; name: string };

export function Logo({ tenantId, version, name }: LogoProps) {
  const t = useTranslations("brand");
  const trpc = useTRPC();
  const [file, setFile] = useState<File | null>(null);
  const chosen = useObjectUrl(file);
  const { run, isPending } = useVerb(trpc.branding.uploadLogo.mutationOptions(), {
    success: t("logoSaved"),
    onDone: () => setFile(null),
  });
  const shown = chosen ?? logoUrl({ tenantId, logoVersion: version });
  return (
    <div className="grid items-start gap-5 md:grid-cols-[minmax(0,1fr)_16rem]">
      <div className="flex min-w-0 flex-col gap-3">
        <FileDrop
          key={version}
          label={t("chooseLogo")}
          hint={t("logoHint")}
          accept="image/png,image/jpeg,image/webp,image/svg+xml"
          maxBytes={maxLogoBytes}
          file={file}
          onFile={setFile}
          disabled={isPending}
        />
        <div className="flex flex-wrap gap-2">
          {file ? (
            <>
              <Button
                look="primary"
                busy={isPending}
                onClick={async () => run({ tenantId, imageBase64: await base64Of(file) })}
              >
                {t("uploadLogo")}
              </Button>
              <Button onClick={() => setFile(null)} disabled={isPending}>
                {t("discard")}
              </Button>
            </>
          ) : null}
          {version && !file ? <RemoveLogo tenantId={tenantId} /> : null}
        </div>
      </div>
      <div className="grid grid-cols-2 overflow-hidden rounded-lg border border-line" aria-live="polite">
        <LogoOn surface="bg-[#f8f8fa] text-[#50505b]" src={shown} alt={t("logoOf", { name })} />
        <LogoOn surface="bg-[#0b0b0d] text-[#b1b1bc]" src={shown} alt="" />
      </div>
    </div>
  );
}

/** On the light and on the dark theme's surface: a dark logo without a background is lost on the latter. */
function LogoOn({ surface, src, alt }: { surface: string; src: string | null; alt: string }) {
  const t = useTranslations("brand");
  return (
    <div className={`flex h-24 items-center justify-center p-3 ${surface}`}>
      {src ? (
        <Image
          unoptimized
          width={144}
          height={40}
          src={src}
          alt={alt}
          className="h-10 w-auto max-w-full object-contain"
        />
      ) : (
        <span className="text-xs">{t("noLogo")}</span>
      )}
    </div>
  );
}

function RemoveLogo({ tenantId }: { tenantId: string }) {
  const t = useTranslations("brand");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("removeLogoTitle")}
      description={t("removeLogoLead")}
      trigger={<Button>{t("removeLogo")}</Button>}
      confirm={t("removeLogo")}
      verb={trpc.branding.removeLogo.mutationOptions()}
      input={{ tenantId }}
      success={t("logoRemoved")}
      danger
    />
  );
}

/** The chosen file as an address for a picture; let go of when another one is chosen. */
function useObjectUrl(file: File | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [file]);
  return url;
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  // In pieces: a call takes only so many arguments.
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)));
  return btoa(pieces.join(""));
}
