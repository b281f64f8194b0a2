const MAX_LENGTH = 500;
/** Of what is looked at: patterns cost time, and a text of somebody else's may be huge. */
const MAX_READ = 20_000;
const HIDDEN = '[hidden]';

const NAMES =
  'code|code_verifier|pkceCodeVerifier|client_secret|clientSecret|client_assertion|access_token|refresh_token|id_token|' +
  'accessToken|refreshToken|idToken|token|assertion|password|newPassword|secret|api[_-]?key|privateKey|signature';

const SECRETS: readonly [RegExp, string][] = [
  // JSON Web Tokens, whole or cut off.
  [/\beyJ[\w-]{5,}(?:\.[\w-]*){0,4}/g, HIDDEN],
  [/\b(Bearer|Basic|DPoP)(?:\s+|%20|\+)[\w\-.~+/%]{4,}=*/gi, `$1 ${HIDDEN}`],
  // Of forms and queries, whether encoded again or not.
  [new RegExp(`(?:\\b|(?<=%26|%3D))(${NAMES})(=|%3D)(?:(?!%26)[^\\s&"'<>])+`, 'gi'), `$1$2${HIDDEN}`],
  // Of JSON, whether within a string or not.
  [new RegExp(`(\\\\?["'])(${NAMES})\\1(\\s*:\\s*)(?:\\\\?["'][^"'\\\\]*|[^\\s,}]+)`, 'gi'), `$1$2$1$3${HIDDEN}`],
];

/**
 * A text of somebody else's, such as a provider's error or what a client has sent, as it goes into a log: one line, of
 * limited length, without what would let its reader in as somebody else.
 * @param secrets values that are known to be secret, wherever they occur in the text
 * @see CWE-117 and CWE-532
 */
export function logLine(text: unknown, secrets: readonly (string | undefined)[] = []): string {
  let line = String(text).slice(0, MAX_READ);
  // Before cutting to the length of a line: half a secret is not recognised.
  for (const secret of secrets) {
    if (secret === undefined || secret.length < 4) continue;
    for (const form of [secret, encodeURIComponent(secret)]) line = line.replaceAll(form, HIDDEN);
  }
  for (const [pattern, replacement] of SECRETS) line = line.replace(pattern, replacement);
  line = oneLine(line);
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** The whole of a text, secrets included, without control characters, ends of lines and what turns its direction. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim();
}

/** Where an error comes from, without its message, which may hold a text of somebody else's. */
export function stackLines(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  return stack
    ?.split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n');
}
