const EXAMPLE = 'Give one such as postgres://user:password@localhost:5432/app';

/** @returns what is wrong with it and how to fix that, in words that show nothing of it */
export function connectionStringMistake(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^postgres(ql)?:\/\//.test(text)) {
    return `is not a connection string: it does not begin with postgres://. ${EXAMPLE}`;
  }
  // Without a host, pg takes the one of the environment or of the query.
  if (URL.canParse(text) || URL.canParse(text.replace('@/', '@host/'))) return undefined;
  return `is not a connection string: it cannot be read as a URL. Percent-encode what is special in the password. ${EXAMPLE}`;
}

/** One that needs no quotes anywhere, and that PostgreSQL does not keep for itself. */
export function isSchemaName(name: string): boolean {
  return /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(name);
}
