// oxlint-disable typescript/no-explicit-any

/**
 * A package that an application may use beside Latchkey. Loaded by a name that TypeScript does not follow, so that types are
 * checked the same where such packages are not installed.
 */
export async function load(name: string): Promise<any> {
  return import(name);
}
