/** What tests, and what they test, ask for the time. */
interface Clock {
  Date: DateConstructor;
}

/**
 * Takes over the time of this process: `Date.now()` and `new Date()` of the test, of Latchkey and of everything else go on as
 * before, but further on by what the clock was moved. Sessions and links expire, keys become due. Timers
 * go by the machine's time; so do databases and a core in another process.
 *
 * ```ts
 * const clock = new TestClock();
 * afterEach(() => clock.restore());
 *
 * clock.moveSeconds(3600);
 * ```
 */
export class TestClock {
  private readonly global: Clock = globalThis;
  private readonly original = this.global.Date;
  private aheadMs = 0;

  constructor() {
    this.global.Date = movedDate(this.original, () => this.now());
  }

  /** Milliseconds since the Unix epoch. */
  now(): number {
    return this.original.now() + this.aheadMs;
  }

  /** Moves the time forward; backward by a negative number. */
  moveSeconds(seconds: number): void {
    this.aheadMs += seconds * 1000;
  }

  /** Sets the time, which goes on from there. */
  moveTo(time: Date): void {
    this.aheadMs = time.getTime() - this.original.now();
  }

  /** Gives the time back to the machine. */
  restore(): void {
    this.aheadMs = 0;
    this.global.Date = this.original;
  }
}

function movedDate(Original: DateConstructor, now: () => number): DateConstructor {
  class MovedDate extends Original {
    constructor(...parts: unknown[]) {
      // oxlint-disable-next-line typescript/no-unsafe-argument
      super(...((parts.length === 0 ? [now()] : parts) as [number]));
    }

    static override now(): number {
      return now();
    }

    /** Dates that were made before, and those of Node itself, are dates too. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Original;
    }
  }
  return MovedDate as unknown as DateConstructor;
}
