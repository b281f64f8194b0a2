/**
 * Every value of one cookie in a `Cookie` header, in the order sent. The parsers of the registry keep
 * one value for each name, but two session cookies of one name must be told apart from one.
 */
export function readCookieValues(header: string, name: string): string[] {
  const values: string[] = [];
  if (!header.includes(name)) return values;
  let start = 0;
  let equals = header.indexOf('=');
  while (start < header.length) {
    const semicolon = header.indexOf(';', start);
    const end = semicolon === -1 ? header.length : semicolon;
    // Looked for once, not again from each of thousands of semicolons before it.
    if (equals !== -1 && equals < start) equals = header.indexOf('=', start);
    if (equals !== -1 && equals < end && isName(header, start, equals, name)) {
      values.push(decode(header.slice(equals + 1, end).trim()));
    }
    start = end + 1;
  }
  return values;
}

function isName(header: string, start: number, end: number, name: string): boolean {
  let from = start;
  while (from < end && header[from] === ' ') from++;
  return end - from === name.length && header.startsWith(name, from);
}

function decode(value: string): string {
  const unquoted = value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value;
  if (!unquoted.includes('%')) return unquoted;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    return unquoted;
  }
}
