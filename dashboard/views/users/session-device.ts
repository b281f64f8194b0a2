/** What an application has noted about the device of a session in `sessionDataInDatabase`. */
export interface Device {
  /** Such as `Chrome on Linux`. */
  name?: string;
  userAgent?: string;
  address?: string;
  /** Milliseconds since the Unix epoch. */
  lastUsedAtMs?: number;
}

/** The order matters: most browsers name others too. */
const BROWSERS: [pattern: RegExp, name: string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [pattern: RegExp, name: string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** @param data as the application has stored it: anything */
export function deviceOf(data: unknown): Device {
  if (typeof data !== 'object' || data === null) return {};
  const { userAgent, ipAddress, lastUsedAtMs } = data as Record<string, unknown>;
  return {
    ...(typeof userAgent === 'string' && userAgent !== '' ? { userAgent, name: nameOf(userAgent) } : {}),
    ...(typeof ipAddress === 'string' ? { address: ipAddress } : {}),
    ...(typeof lastUsedAtMs === 'number' ? { lastUsedAtMs } : {}),
  };
}

function nameOf(userAgent: string): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (browser === undefined && system === undefined) return userAgent.slice(0, 80);
  if (browser === undefined || system === undefined) return (browser ?? system)!;
  return `${browser} on ${system}`;
}
