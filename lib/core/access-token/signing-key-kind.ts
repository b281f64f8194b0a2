/** Dynamic ones are replaced now and then, the static one is not. */
export type SigningKeyKind = 'dynamic' | 'static';

export const KID_PREFIX = { dynamic: 'd-', static: 's-' } as const;

/** @returns undefined for a key id that is not of a core's making */
export function kindOfKid(kid: string): SigningKeyKind | undefined {
  if (kid.startsWith(KID_PREFIX.dynamic)) return 'dynamic';
  if (kid.startsWith(KID_PREFIX.static)) return 'static';
  return undefined;
}
