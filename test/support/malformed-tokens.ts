/** What is sent instead of a token from an email: its kind, and the text. */
export const malformedTokens: [what: string, token: string][] = [
  ['unknown', 'A'.repeat(64)],
  ['empty', ''],
  ['short', 'x'],
  ['of 90 KB', 'x'.repeat(90_000)],
  ['with SQL in it', "' or 1=1 -- "],
  ['a wildcard', '%'],
  ['not ASCII', '\u{1f511}'.repeat(16)],
  ['with a NUL', `${'A'.repeat(63)}\0`],
  ['with a line feed behind', `${'A'.repeat(64)}\n`],
];

export const unknownMethods = ['link', 'Token', '', null, 1, {}, ['token']].map((method) => [method]);
