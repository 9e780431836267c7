/** Renders an e-mail: text and HTML in the recipient's language and the brand's name, colours and logo. */
import type { Brand, Locale } from "#server/domain/branding/resolve.ts";
import type { EmailKind, Templates } from "#server/domain/notifications/kinds.ts";
import { en } from "#server/domain/notifications/templates/en.ts";
import { ru } from "#server/domain/notifications/templates/ru.ts";
import { vi } from "#server/domain/notifications/templates/vi.ts";

export type Rendered = { subject: string; html: string; text: string };
export type Values = Record<string, string> & { link: string };

const languages: Record<Locale, Templates> = { en, vi, ru };

/** What the HTML names as the logo's address: the picture travels inside the e-mail. */
export const logoAddress = "cid:logo";

export function render(kind: EmailKind, locale: Locale, brand: Brand, data: Values): Rendered {
  const templates = languages[locale];
  const template = templates[kind];
  const values = { ...data, product: brand.productName, support: brand.supportEmail ?? "" };
  const footer = brand.supportEmail ? templates.footer.withSupport : templates.footer.plain;
  const subject = oneLine(fill(template.subject, values));
  const paragraphs = template.body.map((paragraph) => fill(paragraph, values));
  const text = [...paragraphs, `${template.action}: ${data.link}`, "--", fill(footer, values)].join("\n\n");
  const html = layout({
    locale,
    brand,
    subject,
    paragraphs,
    action: template.action,
    link: data.link,
    footer: fill(footer, values),
  });
  return { subject, text, html };
}

type Layout = {
  locale: Locale;
  brand: Brand;
  subject: string;
  paragraphs: string[];
  action: string;
  link: string;
  footer: string;
};

/** Tables and inline styles: what mail programs understand. */
function layout({ locale, brand, subject, paragraphs, action, link, footer }: Layout): string {
  const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
  const name = escapeHtml(brand.productName);
  const head = brand.logoVersion
    ? `<img src="${logoAddress}" alt="${name}" height="40" style="display:block;height:40px;border:0">`
    : `<span style="${font};font-size:20px;font-weight:600;color:${brand.onPrimaryColor}">${name}</span>`;
  const body = paragraphs.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`).join("\n");
  const button = `${font};display:inline-block;padding:12px 20px;border-radius:6px;background:${brand.primaryColor};color:${brand.onPrimaryColor};text-decoration:none;font-weight:600`;
  return `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;background:#f4f4f5">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="background:#f4f4f5"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="560" cellspacing="0" cellpadding="0" style="max-width:560px;width:100%;background:#ffffff;border-radius:8px">
<tr><td style="padding:20px 28px;background:${brand.primaryColor};border-radius:8px 8px 0 0">${head}</td></tr>
<tr><td style="${font};padding:28px;font-size:16px;line-height:1.5;color:#18181b">
${body}
<p style="margin:24px 0 0"><a href="${escapeHtml(link)}" style="${button}">${escapeHtml(action)}</a></p>
</td></tr>
<tr><td style="${font};padding:16px 28px 24px;font-size:13px;line-height:1.5;color:#52525b">${escapeHtml(footer)}</td></tr>
</table></td></tr></table>
</body></html>`;
}

/** Values are put in as they are: what looks like a placeholder inside a value stays text. */
function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** A subject is one header line. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
