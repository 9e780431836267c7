"use client";
/** Reads the beginning of a chosen file in the browser: columns, first rows, encoding, delimiter. */
import { useEffect, useState } from "react";
import { type Fault, findFault } from "#app/console/recipients/upload/find-fault.ts";
import { headBytes } from "#server/domain/contacts/csv-format.ts";
import { type CsvPreview, previewCsv } from "#server/domain/contacts/preview-csv.ts";

export type Preview = { preview: CsvPreview; fault: null } | { preview: null; fault: Fault | null };

/** Undefined while it reads; without a preview when the beginning is no CSV with headers. */
export function usePreview(file: File | null): Preview | undefined {
  const [read, setRead] = useState<{ file: File; result: Preview } | null>(null);
  useEffect(() => {
    if (!file) return;
    let isCurrent = true;
    void readHead(file).then((result) => {
      if (isCurrent) setRead({ file, result });
    });
    return () => {
      isCurrent = false;
    };
  }, [file]);
  return read && read.file === file ? read.result : undefined;
}

async function readHead(file: File): Promise<Preview> {
  try {
    const bytes = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
    const preview = previewCsv(bytes);
    return preview ? { preview, fault: null } : { preview: null, fault: findFault(bytes) };
  } catch {
    // The file was moved or changed after it was chosen.
    return { preview: null, fault: null };
  }
}
