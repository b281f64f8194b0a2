/** What `latchkey doctor` has found; each that is not `ok` says what to do. */
export interface Finding {
  level: 'ok' | 'warning' | 'error';
  /** What it is about. */
  about: 'options' | 'database' | 'migrations' | 'keys' | 'outbox' | 'cookies' | 'mail' | 'core';
  text: string;
}

export const ok = (about: Finding['about'], text: string): Finding => ({ level: 'ok', about, text });
export const warning = (about: Finding['about'], text: string): Finding => ({ level: 'warning', about, text });
export const problem = (about: Finding['about'], text: string): Finding => ({ level: 'error', about, text });

/** Of errors of our own the message says what to do. */
export function problemOf(about: Finding['about'], error: unknown, otherwise: string): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return problem(about, isExpected(error) ? reason : `${reason}. ${otherwise}`);
}

function isExpected(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'CONFIGURATION';
}
