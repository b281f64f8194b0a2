import { describe, expect, it } from '@jest/globals';
import { PrimitiveArrayClaim, SessionContainer } from 'latchkey';
import { fakeSession } from './fake-session.js';

const Roles = new PrimitiveArrayClaim<string>({ key: 'roles', fetchValue: () => ['fetched'] });

describe('fakeSession', () => {
  it('is a session of that user, in that tenant, with that payload', () => {
    const session = fakeSession({ userId: 'ann', tenantId: 'acme', payload: { plan: 'pro' } });
    expect(session).toBeInstanceOf(SessionContainer);
    expect([session.getUserId(), session.getRecipeUserId(), session.getTenantId()]).toEqual(['ann', 'ann', 'acme']);
    expect(session.getAccessTokenPayload()).toMatchObject({ plan: 'pro', sub: 'ann', tId: 'acme' });
    expect(fakeSession({ userId: 'bob' }).getTenantId()).toBe('public');
    expect(fakeSession({ userId: 'bob' }).getHandle()).not.toBe(session.getHandle());
  });

  it('remembers what is changed in it, and gives nothing away', async () => {
    const payload = { plan: 'pro', team: { name: 'red' } };
    const session = fakeSession({ userId: 'ann', payload, sessionDataInDatabase: { visits: 1 } });
    await session.mergeIntoAccessTokenPayload({ plan: null, seats: 3 });
    expect(session.getAccessTokenPayload()).toMatchObject({ sub: 'ann', team: { name: 'red' }, seats: 3 });
    expect(session.getAccessTokenPayload()).not.toHaveProperty('plan');
    await session.replaceAccessTokenPayload({ seats: 4 });
    expect(session.getAccessTokenPayload()).not.toHaveProperty('team');
    await session.updateSessionDataInDatabase({ visits: 2 });
    expect(await session.getSessionDataFromDatabase()).toEqual({ visits: 2 });
    expect(payload).toEqual({ plan: 'pro', team: { name: 'red' } });
  });

  it('has claims, and validators judge them', async () => {
    const session = fakeSession({ userId: 'ann', payload: Roles.addToPayload({}, ['reader'], {}) });
    expect(await session.getClaimValue(Roles)).toEqual(['reader']);
    await expect(session.assertClaims([Roles.validators.includes('admin')])).rejects.toMatchObject({
      code: 'INVALID_CLAIMS',
    });
    await session.fetchAndSetClaim(Roles);
    await session.assertClaims([Roles.validators.includes('fetched')]);
  });

  it('is over once it is revoked', async () => {
    const session = fakeSession({ userId: 'ann' });
    await session.revokeSession();
    await expect(session.getSessionDataFromDatabase()).rejects.toMatchObject({ code: 'UNAUTHORISED' });
    await expect(session.mergeIntoAccessTokenPayload({ a: 1 })).rejects.toMatchObject({ code: 'UNAUTHORISED' });
  });
});
