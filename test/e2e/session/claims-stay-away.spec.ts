import { Controller, HttpCode, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, PrimitiveClaim, Session, SessionContainer, SessionFunctions } from 'latchkey';
import { newEmail } from '../../support/auth-app.js';
import type { EmailPasswordApp } from '../../support/email-password-app.js';
import { claimOf, isVerified, signUp, startEmailVerificationApp } from '../../support/email-verification-app.js';
import { frameworks } from '../../support/frameworks.js';

const everybody = { overrideGlobalClaimValidators: () => [] };
let meanwhile: (() => Promise<unknown>) | undefined;

const PlanClaim = new PrimitiveClaim<string>({
  key: 'plan',
  defaultMaxAgeInSeconds: 0,
  async fetchValue() {
    const interrupt = meanwhile;
    meanwhile = undefined;
    const plan = interrupt === undefined ? 'free' : 'pro';
    await interrupt?.();
    return plan;
  },
});

@Controller('claims')
class ClaimsController {
  @Post('theme')
  @HttpCode(200)
  async theme(@Session(everybody) session: SessionContainer) {
    await session.mergeIntoAccessTokenPayload({ theme: 'dark' });
  }

  @Post('plan')
  @HttpCode(200)
  @Session({ overrideGlobalClaimValidators: () => [PlanClaim.validators.hasValue('free')] })
  plan() {}
}

describe.each(frameworks)('What is taken from a session, on %s', (framework) => {
  let app: EmailPasswordApp;
  let functions: SessionFunctions;

  beforeAll(async () => {
    app = await startEmailVerificationApp(framework, { controllers: [ClaimsController] });
    functions = app.app.get(SessionFunctions);
  });
  afterAll(() => app.close());

  /** A client whose access token says that its user is an administrator, which the session does not say any more. */
  async function demoted() {
    const user = await signUp(app);
    const [sessionHandle] = await functions.getAllSessionHandlesForUser({ userId: user.userId });
    if (sessionHandle === undefined) throw new Error('no session');
    const set = (role: string | null) =>
      functions.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate: { role } });
    await set('admin');
    await user.client.refresh();
    await set(null);
    const stored = async () =>
      (await functions.getSessionInformation({ sessionHandle }))?.customClaimsInAccessTokenPayload;
    return { ...user, sessionHandle, stored };
  }

  it.each([
    ['a route that merges something else', 'POST', '/claims/theme'],
    ['a guard that fetches another claim', 'POST', '/claims/plan'],
    ['the route that tells whether the email is verified', 'GET', '/auth/user/email/verify'],
  ] as const)('does not come back by an older access token and %s', async (_, method, path) => {
    const { client, stored } = await demoted();
    const response = await (method === 'GET' ? client.get(path) : client.post(path, {}));
    expect(response.status).toBe(200);
    expect(await stored()).not.toHaveProperty('role');
    await client.refresh();
    expect(await stored()).not.toHaveProperty('role');
  });

  it('stays away when it is taken while a guard fetches it', async () => {
    const { client, stored, sessionHandle } = await demoted();
    meanwhile = () => functions.setClaimValue({ sessionHandle, claim: PlanClaim, value: 'none' });
    expect((await client.post('/claims/plan', {})).status).toBe(200);
    expect(await stored()).toMatchObject({ plan: { v: 'free' } });
  });

  it('stays away with the session, once that is revoked', async () => {
    const { client, stored, sessionHandle } = await demoted();
    await functions.revokeSession({ sessionHandle });
    expect((await client.post('/claims/theme', {})).status).toBe(401);
    expect(await stored()).toBeUndefined();
  });

  it('holds for a verification, after the email has changed', async () => {
    const { client, userId } = await signUp(app);
    await app.app.get(EmailPasswordFunctions).updateEmailOrPassword({ recipeUserId: userId, email: newEmail() });
    await client.post('/claims/theme', {});
    await client.refresh();
    expect(claimOf(client)).toMatchObject({ v: false });
    expect(await (await isVerified(client)).json()).toEqual({ status: 'OK', isVerified: false });
  });
});
