import { StorageUnavailableError } from '../../../auth.error.js';

/**
 * SQLite has one connection here, so all who need it wait in a queue. The wait is bounded: a transaction
 * that waits for something which itself waits for the connection must end in an error, not in silence.
 */
export class ConnectionQueue {
  private busy = false;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly timeoutMs: number) {}

  async acquire(): Promise<void> {
    if (!this.busy) {
      this.busy = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const granted = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(granted), 1);
        reject(
          new StorageUnavailableError({
            detail: `waited ${this.timeoutMs} ms for a transaction of this process to end`,
          }),
        );
      }, this.timeoutMs);
      this.waiting.push(granted);
    });
  }

  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.busy = false;
    else next();
  }
}
