import { createHash } from 'node:crypto';

const FIRST_SLOTS = 2 ** 12;
/** 96 MB then, for four million keys. */
const MAX_SLOTS = 2 ** 23;
/** Two halves of a hash, and the number of a line. */
const WIDTH = 3;

/** On which line of a file a text was first, by 64 bits of its hash: some 24 bytes for each, however long it is. */
export class SeenKeys {
  private slots = FIRST_SLOTS;
  private table = new Uint32Array(FIRST_SLOTS * WIDTH);
  private count = 0;

  /** @returns undefined where it was not there, or too many others were */
  lineOf(key: string): number | undefined {
    const at = this.slotOf(...hashOf(key));
    return this.table[at + 2] || undefined;
  }

  /** @param line 1 or more */
  add(key: string, line: number): void {
    if (this.count * 2 >= this.slots && !this.grow()) return;
    this.put(...hashOf(key), line);
  }

  private put(high: number, low: number, line: number): void {
    const at = this.slotOf(high, low);
    if (this.table[at + 2] !== 0) return;
    this.table.set([high, low, line], at);
    this.count++;
  }

  private grow(): boolean {
    if (this.slots >= MAX_SLOTS) return false;
    const old = this.table;
    this.slots *= 2;
    this.table = new Uint32Array(this.slots * WIDTH);
    this.count = 0;
    for (let at = 0; at < old.length; at += WIDTH) {
      if (old[at + 2] !== 0) this.put(old[at]!, old[at + 1]!, old[at + 2]!);
    }
    return true;
  }

  /** Where the hash is, or the first free place for it. */
  private slotOf(high: number, low: number): number {
    let slot = low % this.slots;
    for (;;) {
      const at = slot * WIDTH;
      const isFree = this.table[at + 2] === 0;
      if (isFree || (this.table[at] === high && this.table[at + 1] === low)) return at;
      slot = (slot + 1) % this.slots;
    }
  }
}

function hashOf(key: string): [high: number, low: number] {
  const digest = createHash('sha256').update(key).digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}
