import { BadInputError } from '../../lib/core/auth.error.js';

/** Oldest first. */
export const cdiVersions = ['5.0', '5.1', '5.2', '5.3', '5.4', '5.6'] as const;
/** A version of the Core Driver Interface that the service speaks. */
export type CdiVersion = (typeof cdiVersions)[number];

const LATEST = cdiVersions[cdiVersions.length - 1]!;

/**
 * @param header `cdi-version`; without it, the latest
 * @throws {BadInputError} we do not speak that version
 */
export function readCdiVersion(header: string | string[] | undefined): CdiVersion {
  if (header === undefined) return LATEST;
  const version = cdiVersions.find((one) => one === header);
  if (version === undefined) throw new BadInputError(`cdi-version ${shown(String(header))} not supported`);
  return version;
}

export function isAtLeast(version: CdiVersion, other: CdiVersion): boolean {
  return cdiVersions.indexOf(version) >= cdiVersions.indexOf(other);
}

/** The answer is declared as HTML: nothing of the request goes into it that a browser would interpret. */
function shown(text: string): string {
  return text.replace(/[^\w.-]/g, '').slice(0, 20);
}
