/** Versions of the frontend wire that we speak, oldest first. */
const SUPPORTED = ['1.17', '1.18', '1.19', '2.0', '3.0', '3.1', '4.0', '4.1', '4.2'];
const LATEST = '4.2';

/** @returns the highest version of the comma list that both sides know; the latest where there is none */
export function negotiateFdiVersion(header: string | undefined): string {
  if (header === undefined) return LATEST;
  const offered = header.split(',').map((version) => version.trim());
  return SUPPORTED.findLast((version) => offered.includes(version)) ?? LATEST;
}

/** 1.18, 1.19 and everything from 3.0 on know users with several login methods; the others one flat user. */
export function knowsLoginMethods(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 3 || (major === 1 && minor >= 18);
}
