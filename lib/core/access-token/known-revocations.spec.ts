import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { resolveRevocationFeed } from '../revocation-feed.options.js';
import { CLOCK_TOLERANCE_MS, KnownRevocations } from './known-revocations.js';
import { RevocationWatch } from './revocation-watch.js';
import type { VerifiedAccessToken } from './access-token.verifier.js';

const LIFETIME_MS = 100_000;
const START_MS = 1_000_000_000;

let nowMs: number;
const engine = { accessTokenLifetimeMs: LIFETIME_MS, clock: () => nowMs };

function token(sessionHandle: string, issuedAtMs = nowMs, lifetimeMs = LIFETIME_MS): VerifiedAccessToken {
  const iat = Math.floor(issuedAtMs / 1000);
  const claims = { sub: 'user', iat, exp: iat + lifetimeMs / 1000, sessionHandle };
  return { claims } as unknown as VerifiedAccessToken;
}

beforeEach(() => {
  nowMs = START_MS;
});

describe('KnownRevocations', () => {
  it('forgets nothing while a token of its time lives, and everything after', () => {
    const known = new KnownRevocations({ ...engine, maxEntries: 1000 });
    for (let revoked = 0; revoked < 20; revoked++) {
      known.addSessions([`handle-${revoked}`], nowMs);
      for (let older = 0; older <= revoked; older++) expect(known.look(token(`handle-${older}`))).toBe('REVOKED');
      nowMs += LIFETIME_MS / 20;
      known.age();
    }
    for (let turns = 0; turns < 2; turns++) {
      nowMs += LIFETIME_MS + CLOCK_TOLERANCE_MS;
      known.age();
    }
    expect(known.size).toBe(0);
    expect(known.look(token('handle-0'))).toBeUndefined();
  });

  it('keeps within its bound, and is uncertain of tokens from the time of what it dropped', () => {
    const known = new KnownRevocations({ ...engine, maxEntries: 1000 });
    const revoke = (count: number) => {
      for (let at = 0; at < count; at++) known.addSessions([`${nowMs}-${at}`], nowMs);
    };
    const alive = token('alive');
    revoke(1000);
    expect(known.look(alive)).toBeUndefined();
    nowMs += CLOCK_TOLERANCE_MS + 1000;
    revoke(600);
    expect(known.size).toBeLessThanOrEqual(1000);
    // Revoked, and forgotten: that is for the database to tell.
    expect(known.look(token(`${START_MS}-0`, START_MS))).toBe('UNCERTAIN');
    expect(known.look(alive)).toBe('UNCERTAIN');
    expect(known.look(token('later'))).toBeUndefined();
    expect(known.look(token(`${nowMs}-0`))).toBe('REVOKED');
  });

  it('is uncertain of a token that lives longer than it remembers', () => {
    const known = new KnownRevocations({ ...engine, maxEntries: 1000 });
    expect(known.look(token('handle', nowMs, LIFETIME_MS + 1000))).toBe('UNCERTAIN');
  });

  it('compares a token once for each change, and again where one came meanwhile', () => {
    const known = new KnownRevocations({ ...engine, maxEntries: 1000 });
    const verified = token('handle');
    known.addClaimsChanges(['user'], nowMs);
    const first = known.comparing(verified);
    known.addClaimsChanges(['user'], nowMs);
    first();
    expect(known.look(verified)).toBe('CLAIMS_CHANGED');
    known.comparing(verified)();
    expect(known.look(verified)).toBeUndefined();
    nowMs += CLOCK_TOLERANCE_MS + 1000;
    expect(known.look(token('later'))).toBeUndefined();
  });
});

describe('RevocationWatch', () => {
  class Watch extends RevocationWatch {
    asked = 0;
    heard(): void {
      this.noteHeard();
    }
    protected override async catchUp(): Promise<void> {
      this.asked++;
    }
  }
  const wakeUpAfterMs = (sleptMs: number) => {
    const machineMs = Date.now() + sleptMs;
    jest.spyOn(Date, 'now').mockImplementation(() => machineMs);
  };
  afterEach(() => void jest.restoreAllMocks());

  it.each([
    ['check-database', 'UNCERTAIN'],
    ['refuse', 'BEHIND'],
    ['accept', undefined],
  ] as const)('notices at the first request that the process was asleep: %s', (whenBehind, finding) => {
    const watch = new Watch({ ...engine, options: resolveRevocationFeed({ whenBehind }) }, 'POLL');
    watch.heard();
    expect(watch.look(token('handle'))).toBeUndefined();
    wakeUpAfterMs(600_000);
    expect(watch.look(token('handle'))).toBe(finding);
    expect([watch.state.status, watch.asked]).toEqual(['BEHIND', 1]);
    watch.heard();
    expect(watch.look(token('handle'))).toBeUndefined();
    expect(watch.state.status).toBe('CURRENT');
  });

  it('is never behind where there is nobody else to hear of', () => {
    const watch = new Watch({ ...engine, options: resolveRevocationFeed() }, 'MEMORY');
    watch.heard();
    wakeUpAfterMs(600_000);
    expect([watch.look(token('handle')), watch.state.status]).toEqual([undefined, 'CURRENT']);
  });
});
