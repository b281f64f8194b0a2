import { FactorNotAllowedError } from './auth.error.js';

/** How long a tenant is taken for what it was, after another process has configured it. */
const KNOWN_FOR_MS = 5000;

/**
 * Whether a tenant lets people sign in by a factor.
 * @param firstFactors as its configuration names them; undefined allows all
 * @param factorId such as `emailpassword`, `thirdparty` or `otp-email`
 */
export function allowsFirstFactor(firstFactors: readonly string[] | undefined, factorId: string): boolean {
  return firstFactors === undefined || firstFactors.includes(factorId);
}

interface FirstFactorSource {
  /** @returns what the tenant's configuration names */
  read(tenantId: string): Promise<string[] | undefined>;
  /** Milliseconds since the Unix epoch. */
  clock(): number;
  /** What is read then may never be committed. */
  inTransaction?(): boolean;
}

/** Compares the factor that an operation of a core declares with the tenant's configuration. */
export class FirstFactors {
  private readonly known = new Map<string, { firstFactors: string[] | undefined; seenAtMs: number }>();
  private changes = 0;

  constructor(private readonly source: FirstFactorSource) {}

  /** @throws {FactorNotAllowedError} the tenant's configuration leaves the factor out */
  async assertAllowed(tenantId: string, factorId: string): Promise<void> {
    if (!allowsFirstFactor(await this.of(tenantId), factorId)) throw new FactorNotAllowedError(factorId);
  }

  /** After a change of the tenant's configuration. */
  forget(tenantId: string): void {
    this.changes++;
    this.known.delete(tenantId);
  }

  private async of(tenantId: string): Promise<string[] | undefined> {
    const seenAtMs = this.source.clock();
    const known = this.known.get(tenantId);
    // The distance, not the difference: a clock that was set back must not make it last.
    if (known !== undefined && Math.abs(seenAtMs - known.seenAtMs) < KNOWN_FOR_MS) return known.firstFactors;
    const { changes } = this;
    const firstFactors = await this.source.read(tenantId);
    // What was read before a change must not outlive it.
    const isSettled = changes === this.changes && this.source.inTransaction?.() !== true;
    if (isSettled) this.known.set(tenantId, { firstFactors, seenAtMs });
    return firstFactors;
  }
}
