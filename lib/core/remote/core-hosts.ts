const REST_MS = 5000;

/** The addresses of one core: used in turn, and one that failed comes last for a while. */
export class CoreHosts {
  private next = 0;
  private readonly restUntilMs = new Map<string, number>();

  constructor(private readonly addresses: readonly string[]) {}

  /** Each once, in the order in which to try them. */
  inTurn(): string[] {
    const start = this.next;
    this.next = (start + 1) % this.addresses.length;
    const rotated = [...this.addresses.slice(start), ...this.addresses.slice(0, start)];
    const nowMs = performance.now();
    const rests = (address: string) => (this.restUntilMs.get(address) ?? 0) > nowMs;
    return [...rotated.filter((address) => !rests(address)), ...rotated.filter(rests)];
  }

  failed(address: string): void {
    this.restUntilMs.set(address, performance.now() + REST_MS);
  }

  answered(address: string): void {
    this.restUntilMs.delete(address);
  }
}
