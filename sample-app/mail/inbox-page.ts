import { escaped } from '../escaped.js';
import type { CaughtEmail } from './mail-catcher.js';

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header class="top"><a class="brand" href="/">Latchkey sample</a><a href="/inbox">Inbox</a></header>
<main>${content}</main>
</body>
</html>
`;
}

export function inboxPage(emails: CaughtEmail[]): string {
  const items = emails.map(
    ({ id, to, subject, receivedAt }) =>
      `<li><a href="/inbox/${id}">${escaped(subject)}</a> <span>to ${escaped(to)}</span> <time>${receivedAt.toLocaleTimeString('en')}</time></li>`,
  );
  return page(
    'Inbox',
    `<section class="card"><h1>Inbox</h1>
<p class="hint">Every email that the sample sends ends up here, no matter who it is for. Reload to see new ones.</p>
<ol class="log" aria-label="Emails">${items.join('\n')}</ol></section>`,
  );
}

export function noInboxPage(): string {
  return page(
    'Inbox',
    `<section class="card"><h1>Inbox</h1>
<p class="hint">Emails go out by a mail server: they are in the inbox of whom they are for.</p></section>`,
  );
}

export function emailPage({ id, to, subject, text }: CaughtEmail): string {
  return page(
    subject,
    `<section class="card"><h1>${escaped(subject)}</h1>
<p class="hint">To ${escaped(to)}</p>
<iframe class="email" title="Email" src="/inbox/${id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
<details><summary>As text</summary><pre class="email-text">${escaped(text)}</pre></details></section>`,
  );
}

/** Its links lead out of the frame, which may go nowhere. */
export function emailDocument({ html }: CaughtEmail): string {
  const base = '<base target="_blank">';
  return /<head\b[^>]*>/i.test(html) ? html.replace(/<head\b[^>]*>/i, (head) => head + base) : base + html;
}
