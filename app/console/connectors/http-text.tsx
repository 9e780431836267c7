/** A request or an answer as it goes over the wire, to read; it wraps. */

export function HttpText({ text, label }: { text: string; label?: string }) {
  return (
    <figure className="min-w-0">
      {label ? <figcaption className="pb-1 text-ink-muted text-sm">{label}</figcaption> : null}
      <pre className="whitespace-pre-wrap break-all rounded-md border border-line bg-muted px-3 py-2.5 font-mono text-ink text-xs">
        {text}
      </pre>
    </figure>
  );
}
