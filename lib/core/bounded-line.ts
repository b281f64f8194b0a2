import { OverloadedError } from './auth.error.js';

/** How much may be done at once, and how much may wait for it. */
export interface LineLimits {
  /** At least 1. */
  concurrent: number;
  waiting: number;
}

/** Says whether nobody waits for the result any more. */
export type IsAbandoned = () => boolean;

interface Waiting {
  begin(): void;
  giveUp(error: OverloadedError): void;
  isAbandoned: IsAbandoned;
}

/** Lets so many work at once; the others wait, first come, first served, or are refused at once where too many wait. */
export class BoundedLine {
  private working = 0;
  private readonly waiting = new Set<Waiting>();

  /** @param what waits, for the log, such as `passwords wait to be hashed` */
  constructor(
    private readonly limits: LineLimits,
    private readonly what: string,
  ) {}

  get isEmpty(): boolean {
    return this.working === 0;
  }

  /**
   * @param isAbandoned called before `work` begins, and when others find no room in the line: a caller that is gone leaves it
   * @throws {OverloadedError} too many wait, or the caller is gone; `work` did not begin
   */
  async run<T>(work: () => Promise<T>, isAbandoned: IsAbandoned = () => false): Promise<T> {
    if (this.working < this.limits.concurrent) this.working++;
    else await this.turn(isAbandoned);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private turn(isAbandoned: IsAbandoned): Promise<void> {
    if (this.waiting.size >= this.limits.waiting) this.dropAbandoned();
    const { size } = this.waiting;
    if (size >= this.limits.waiting) {
      throw new OverloadedError({ detail: `${size} ${this.what}, and no more may` });
    }
    return new Promise((begin, giveUp) => this.waiting.add({ begin, giveUp, isAbandoned }));
  }

  private dropAbandoned(): void {
    for (const one of this.waiting) if (one.isAbandoned()) this.drop(one);
  }

  private drop(one: Waiting): void {
    this.waiting.delete(one);
    one.giveUp(new OverloadedError({ detail: 'the client has gone before its turn' }));
  }

  /** The place goes from hand to hand, so that nobody who comes in between takes it. */
  private leave(): void {
    for (const next of this.waiting) {
      if (next.isAbandoned()) {
        this.drop(next);
        continue;
      }
      this.waiting.delete(next);
      next.begin();
      return;
    }
    this.working--;
  }
}
