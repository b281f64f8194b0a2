import { createHash, timingSafeEqual } from 'node:crypto';

/** The keys that drivers may show. Without any, programs of the same machine need none: see `keylessRefusal`. */
export class ApiKeys {
  private readonly digests: Buffer[];

  constructor(keys: string[]) {
    this.digests = keys.map(digest);
  }

  get isEmpty(): boolean {
    return this.digests.length === 0;
  }

  /** Takes as long for a wrong key as for a right one, whichever it is. */
  admit(shown: string | undefined): boolean {
    if (this.digests.length === 0) return true;
    const sought = digest(shown ?? '');
    let found = false;
    for (const known of this.digests) found = timingSafeEqual(known, sought) || found;
    return found;
  }
}

/** @returns the keys of a comma list */
export function splitApiKeys(list: string): string[] {
  return list
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
