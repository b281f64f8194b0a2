import type { EmailContent } from '../email-content.js';
import { singleLine } from '../mailbox.js';
import { DEFAULT_COLOR, type EmailBrand, onDark, readableOn } from './email-style.js';
import type { FrameTexts, KindTexts } from './email-texts.js';
import { escapeHtml } from './escape-html.js';
import { fillIn } from './fill-in.js';
import { timeFromNow } from './time-from-now.js';

export interface EmailToRender {
  texts: KindTexts & FrameTexts;
  /** A language tag: how the email says in which language it is. */
  locale: string;
  appName: string;
  email: string;
  /** Opened by the button. */
  link?: string;
  /** To be typed in. */
  code?: string;
  /** Milliseconds since the Unix epoch. */
  expiresAtMs?: number;
  brand: EmailBrand;
}

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/** An address of 40 characters is wider than a phone. The second one is for clients that know only that. */
const BREAK_LONG_WORDS = 'overflow-wrap:anywhere;word-break:break-word';

const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** Subject, text and HTML of an email with a link, a code or both. */
export function renderEmail(input: EmailToRender, nowMs = Date.now()): EmailContent {
  const { texts, locale, link, code, expiresAtMs, brand } = input;
  const values = {
    appName: singleLine(input.appName),
    email: singleLine(input.email),
    code,
    when: expiresAtMs === undefined ? undefined : timeFromNow(expiresAtMs, nowMs, locale),
  };
  const write = (text: string) => fillIn(text, values);
  const parts: Parts = {
    locale,
    appName: values.appName,
    link,
    code,
    preheader: write(texts.preheader),
    heading: write(texts.heading),
    intro: write(texts.intro),
    button: write(texts.button ?? texts.heading),
    expiry: write(expiresAtMs === undefined ? texts.worksOnce : texts.expires),
    notAsked: write(texts.notAsked),
    linkHint: write(texts.linkHint),
    footer: write(texts.footer),
  };
  return { subject: singleLine(write(texts.subject)), text: toText(parts), html: toHtml(parts, brand) };
}

type TextPart =
  'locale' | 'appName' | 'preheader' | 'heading' | 'intro' | 'button' | 'expiry' | 'notAsked' | 'linkHint' | 'footer';

type Parts = Record<TextPart, string> & { link: string | undefined; code: string | undefined };

function toText({ heading, intro, code, link, expiry, notAsked, footer }: Parts): string {
  const paragraphs = [heading, intro, code, link, expiry, notAsked, `-- \n${footer}`];
  return `${paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n')}\n`;
}

/** Tables and inline styles are what all mail clients understand; the rest only makes it nicer where it is understood. */
function toHtml(parts: Parts, { color = DEFAULT_COLOR, logoUrl }: EmailBrand): string {
  const html = escapeParts(parts);
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
<body class="page" style="margin:0;padding:0;background-color:#f3f4f6;${FONT}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${html.preheader}${'&#8203;&nbsp;'.repeat(40)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f3f4f6">
<tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td style="padding:0 8px 20px;${FONT};${BREAK_LONG_WORDS}">${logo}</td></tr>
<tr><td class="card" style="background-color:#ffffff;border:1px solid #dfe2e6;border-radius:12px;padding:32px;font-size:16px;line-height:1.5;${FONT};${BREAK_LONG_WORDS}">
<h1 class="text" style="margin:0 0 16px;font-size:22px;line-height:1.3;color:#1f2328">${html.heading}</h1>
${paragraph(html.intro)}
${html.code === undefined ? '' : codeBlock(html.code)}${html.link === undefined ? '' : button(html.link, html.button, color)}${paragraph(html.expiry)}
${paragraph(html.notAsked)}
${html.link === undefined ? '' : linkAsText(html.link, html.linkHint, color)}</td></tr>
<tr><td class="soft" style="padding:20px 8px;font-size:13px;line-height:1.5;color:#5c6570;${FONT};${BREAK_LONG_WORDS}">${html.footer}</td></tr>
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

function codeBlock(code: string): string {
  return `<p class="text" dir="ltr" style="margin:24px 0;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:28px;font-weight:600;letter-spacing:4px;color:#1f2328">${code}</p>
`;
}

function button(link: string, label: string, color: string): string {
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0"><tr>
<td align="center" bgcolor="${color}" style="border-radius:8px;background-color:${color}"><a href="${link}" style="display:inline-block;padding:13px 26px;font-size:16px;font-weight:600;text-decoration:none;border-radius:8px;color:${readableOn(color)};${FONT}">${label}</a></td>
</tr></table>
`;
}

function linkAsText(link: string, hint: string, color: string): string {
  return `<p class="soft" style="margin:24px 0 4px;font-size:14px;color:#5c6570">${hint}</p>
<p style="margin:0;font-size:14px;word-break:break-all"><a class="link" href="${link}" style="color:${color}">${link}</a></p>
`;
}

function escapeParts(parts: Parts): Parts {
  const escaped = Object.entries(parts).map(([name, text]) => [
    name,
    text === undefined ? undefined : escapeHtml(text),
  ]);
  return Object.fromEntries(escaped) as Parts;
}
