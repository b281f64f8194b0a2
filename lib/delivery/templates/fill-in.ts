/**
 * Fills placeholders such as `{appName}` in.
 * In one pass: a value that looks like a placeholder is not filled in again. An unknown one stays as it is.
 */
export function fillIn(text: string, values: Record<string, string | undefined>): string {
  return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : placeholder,
  );
}
