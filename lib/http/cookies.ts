/**
 * Every value of one cookie in a `Cookie` header, in the order sent. The parsers of the registry keep
 * one value for each name, but two session cookies of one name must be told apart from one.
 */
export function readCookieValues(header: string, name: string): string[] {
  const values: string[] = [];
  // From name to name, not from cookie to cookie: a header of semicolons has thousands of those.
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + name.length)) {
    const equals = at + name.length;
    if (header[equals] !== '=' || !beginsCookie(header, at)) continue;
    const semicolon = header.indexOf(';', equals);
    values.push(decode(header.slice(equals + 1, semicolon === -1 ? header.length : semicolon).trim()));
  }
  return values;
}

function beginsCookie(header: string, start: number): boolean {
  let before = start - 1;
  while (header[before] === ' ') before--;
  return before < 0 || header[before] === ';';
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
