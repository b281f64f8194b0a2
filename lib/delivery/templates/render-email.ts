import type { EmailContent } from '../email-content.js';
import { singleLine } from '../mailbox.js';
import { DEFAULT_COLOR, type EmailBrand, onDark, readableOn } from './email-style.js';
import type { EmailTexts, KindTexts } from './email-texts.js';
import { escapeHtml } from './escape-html.js';
import { timeFromNow } from './time-from-now.js';

export interface EmailToRender {
  kind: KindTexts;
  texts: EmailTexts;
  /** A language tag: how the email says in which language it is. */
  locale: string;
  appName: string;
  email: string;
  link: string;
  /** Milliseconds since the Unix epoch. */
  expiresAtMs?: number;
  brand: EmailBrand;
}

const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** Subject, text and HTML of an email with one link. */
export function renderEmail(input: EmailToRender, nowMs = Date.now()): EmailContent {
  const { texts, kind, locale, expiresAtMs, brand } = input;
  const values = { appName: singleLine(input.appName), email: singleLine(input.email) };
  const write = (text: string, more: Record<string, string> = {}) => fill(text, { ...values, ...more });
  const parts: Parts = {
    locale,
    appName: values.appName,
    link: input.link,
    preheader: write(kind.preheader),
    heading: write(kind.heading),
    intro: write(kind.intro),
    button: write(kind.button),
    expiry:
      expiresAtMs === undefined
        ? write(texts.worksOnce)
        : write(texts.expires, { when: timeFromNow(expiresAtMs, nowMs, locale) }),
    notAsked: write(kind.notAsked),
    linkHint: write(texts.linkHint),
    footer: write(texts.footer),
  };
  return { subject: singleLine(write(kind.subject)), text: toText(parts), html: toHtml(parts, brand) };
}

type Parts = Record<
  | 'locale'
  | 'appName'
  | 'link'
  | 'preheader'
  | 'heading'
  | 'intro'
  | 'button'
  | 'expiry'
  | 'notAsked'
  | 'linkHint'
  | 'footer',
  string
>;

/** In one pass: a value that looks like a placeholder is not filled in again. */
function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : placeholder,
  );
}

function toText({ heading, intro, link, expiry, notAsked, footer }: Parts): string {
  return `${[heading, intro, link, expiry, notAsked, `-- \n${footer}`].join('\n\n')}\n`;
}

/** Tables and inline styles are what all mail clients understand; the rest only makes it nicer where it is understood. */
function toHtml(parts: Parts, { color = DEFAULT_COLOR, logoUrl }: EmailBrand): string {
  const html = Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, escapeHtml(text)])) as Parts;
  const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
  const direction = RIGHT_TO_LEFT.has(parts.locale.split('-')[0]!.toLowerCase()) ? 'rtl' : 'ltr';
  const logo =
    logoUrl === undefined
      ? `<span class="text" style="font-size:18px;font-weight:600;color:#1f2328">${html.appName}</span>`
      : `<img src="${escapeHtml(logoUrl)}" alt="${html.appName}" height="40" style="height:40px;border:0;display:block">`;
  return `<!doctype html>
<html lang="${html.locale}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${html.heading}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #16181b !important; }
  .card { background-color: #212429 !important; border-color: #383d44 !important; }
  .text { color: #e7eaee !important; }
  .soft { color: #a9b1bb !important; }
  .link { color: ${onDark(color)} !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f3f4f6;${font}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${html.preheader}${'&#8203;&nbsp;'.repeat(40)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f3f4f6">
<tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td style="padding:0 8px 20px;${font}">${logo}</td></tr>
<tr><td class="card" style="background-color:#ffffff;border:1px solid #dfe2e6;border-radius:12px;padding:32px;font-size:16px;line-height:1.5;${font}">
<h1 class="text" style="margin:0 0 16px;font-size:22px;line-height:1.3;color:#1f2328">${html.heading}</h1>
${paragraph(html.intro)}
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0"><tr>
<td align="center" bgcolor="${color}" style="border-radius:8px;background-color:${color}"><a href="${html.link}" style="display:inline-block;padding:13px 26px;font-size:16px;font-weight:600;text-decoration:none;border-radius:8px;color:${readableOn(color)};${font}">${html.button}</a></td>
</tr></table>
${paragraph(html.expiry)}
${paragraph(html.notAsked)}
<p class="soft" style="margin:24px 0 4px;font-size:14px;color:#5c6570">${html.linkHint}</p>
<p style="margin:0;font-size:14px;word-break:break-all"><a class="link" href="${html.link}" style="color:${color}">${html.link}</a></p>
</td></tr>
<tr><td class="soft" style="padding:20px 8px;font-size:13px;line-height:1.5;color:#5c6570;${font}">${html.footer}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function paragraph(html: string): string {
  return `<p class="text" style="margin:0 0 16px;color:#1f2328">${html}</p>`;
}
