/** A clock that stands still until it is moved. */
export class TestClock {
  constructor(private nowMs = Date.UTC(2030, 0, 1)) {}

  /** To be handed over as a function. */
  readonly now = (): number => this.nowMs;

  moveSeconds(seconds: number): void {
    this.nowMs += seconds * 1000;
  }
}
