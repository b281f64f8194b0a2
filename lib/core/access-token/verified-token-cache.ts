/**
 * Remembers what came of verifying a token. Bounded, and least recently used ones go first, in two
 * halves: a hit in the young half costs one look-up and no bookkeeping; when it is full it becomes the
 * old one, and what is asked for there again moves back.
 */
export class VerifiedTokenCache<T extends { readonly token: string }> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();

  constructor(private readonly maxEntries: number) {}

  get(token: string): T | undefined {
    const key = keyOf(token);
    let entry = this.young.get(key);
    if (entry === undefined) {
      entry = this.old.get(key);
      if (entry !== undefined) this.remember(key, entry);
    }
    return entry !== undefined && entry.token === token ? entry : undefined;
  }

  set(entry: T): void {
    this.remember(keyOf(entry.token), entry);
  }

  delete(token: string): void {
    const key = keyOf(token);
    this.young.delete(key);
    this.old.delete(key);
  }

  private remember(key: string, entry: T): void {
    if (this.young.size >= this.maxEntries / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, entry);
  }
}

/**
 * The end of the signature: 70 bits. The text of a token is new with every request, so its hash is computed
 * each time, and of so few characters that is much cheaper. The whole text is compared after that.
 */
function keyOf(token: string): string {
  return token.slice(-12);
}
