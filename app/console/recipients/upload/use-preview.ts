"use client";
/** Reads the beginning of a chosen file in the browser: columns, first rows, encoding, delimiter. */
import { useEffect, useState } from "react";
import { headBytes } from "#server/domain/contacts/csv-format.ts";
import { type CsvPreview, previewCsv } from "#server/domain/contacts/preview-csv.ts";

/** Undefined while it reads; null when the beginning is no CSV with headers. */
export function usePreview(file: File | null): CsvPreview | null | undefined {
  const [read, setRead] = useState<{ file: File; preview: CsvPreview | null } | null>(null);
  useEffect(() => {
    if (!file) return;
    let isCurrent = true;
    file
      .slice(0, headBytes)
      .arrayBuffer()
      .then((bytes) => previewCsv(new Uint8Array(bytes)))
      .catch(() => null)
      .then((preview) => {
        if (isCurrent) setRead({ file, preview });
      });
    return () => {
      isCurrent = false;
    };
  }, [file]);
  return read && read.file === file ? read.preview : undefined;
}
