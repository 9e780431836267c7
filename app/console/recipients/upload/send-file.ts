"use client";
/** Sends a file as the body of a request and tells how much has left: fetch cannot, XMLHttpRequest can. */

export type UploadError = { code: string; message: string; detail: Record<string, unknown> };
export type UploadAnswer<T> = { ok: true; value: T } | { ok: false; error: UploadError | null };

type Sending = { url: string; file: File; onSent: (share: number) => void; signal: AbortSignal };

/** Resolves in every case: `error` is null when no answer came. */
export function sendFile<T>({ url, file, onSent, signal }: Sending): Promise<UploadAnswer<T>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("content-type", "text/csv");
    request.upload.onprogress = (event) => onSent(event.lengthComputable ? event.loaded / event.total : 0);
    request.upload.onload = () => onSent(1);
    request.onload = () => resolve(answerOf<T>(request));
    request.onerror = () => resolve({ ok: false, error: null });
    request.onabort = () => resolve({ ok: false, error: null });
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function answerOf<T>(request: XMLHttpRequest): UploadAnswer<T> {
  try {
    const body = JSON.parse(request.responseText);
    if (request.status >= 200 && request.status < 300) return { ok: true, value: body as T };
    const { code = "unexpected", detail = "", type: _, status: __, ...rest } = body;
    return { ok: false, error: { code: String(code), message: String(detail), detail: rest } };
  } catch {
    return { ok: false, error: null };
  }
}
