import { OverloadedError } from './auth.error.js';

/** How much may be done at once, and how much may wait for it. */
export interface LineLimits {
  /** At least 1. */
  concurrent: number;
  waiting: number;
}

/** Lets so many work at once; the others wait, first come, first served, or are refused at once where too many wait. */
export class BoundedLine {
  private working = 0;
  private readonly waiting = new Set<() => void>();

  /** @param what waits, for the log, such as `passwords wait to be hashed` */
  constructor(
    private readonly limits: LineLimits,
    private readonly what: string,
  ) {}

  get isEmpty(): boolean {
    return this.working === 0;
  }

  /** @throws {OverloadedError} too many wait; `work` was not begun */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.working < this.limits.concurrent) this.working++;
    else await this.turn();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private turn(): Promise<void> {
    const { size } = this.waiting;
    if (size >= this.limits.waiting) {
      throw new OverloadedError({ detail: `${size} ${this.what}, and no more may` });
    }
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  /** The place goes from hand to hand, so that nobody who comes in between takes it. */
  private leave(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.working--;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
