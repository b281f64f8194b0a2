import { z } from 'zod';
import {
  type CreateEmailVerificationTokenResult,
  type EmailOfLoginMethod,
  EmailVerificationCore,
  type VerifyEmailUsingTokenResult,
} from '../email-verification.core.js';
import type { Facts } from '../facts.js';
import { normaliseEmail } from '../email-address.js';
import { ok, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { canBeLookedUp } from './core-path.js';

const PATH = '/recipe/user/email/verify';

const created = z.discriminatedUnion('status', [
  ok.extend({ token: z.string() }),
  statusOf('EMAIL_ALREADY_VERIFIED_ERROR'),
]);
const spent = z.discriminatedUnion('status', [
  ok.extend({ userId: z.string(), email: z.string() }),
  statusOf('EMAIL_VERIFICATION_INVALID_TOKEN_ERROR').extend({
    verified: z.object({ userId: z.string(), email: z.string() }).optional(),
  }),
]);
const verifiedAnswer = ok.extend({ isVerified: z.boolean() });

export class RemoteEmailVerificationCore extends EmailVerificationCore {
  constructor(
    private readonly client: CoreClient,
    private readonly facts: Facts,
  ) {
    super();
  }

  async createEmailVerificationToken(
    input: EmailOfLoginMethod & { tenantId: string },
  ): Promise<CreateEmailVerificationTokenResult> {
    const { tenantId } = input;
    const path = `${PATH}/token`;
    const body = bodyOf(input);
    return this.client.call({ method: 'POST', path, tenantId, body, isRepeatable: true, answer: created });
  }

  async verifyEmailUsingToken(input: { tenantId: string; token: string }): Promise<VerifyEmailUsingTokenResult> {
    const result = await this.post(input);
    if (result.status !== 'OK') return { status: result.status };
    const { userId: recipeUserId, email } = result;
    await this.facts.announce({ fact: 'emailVerification', recipeUserId });
    return { status: 'OK', recipeUserId, email };
  }

  async findVerifiedByToken(input: { tenantId: string; token: string }): Promise<EmailOfLoginMethod | undefined> {
    // It was posted before, so it is good for nothing else any more.
    const result = await this.post(input);
    if (result.status === 'OK') {
      await this.facts.announce({ fact: 'emailVerification', recipeUserId: result.userId });
      return { recipeUserId: result.userId, email: result.email };
    }
    return result.verified && { recipeUserId: result.verified.userId, email: result.verified.email };
  }

  async isEmailVerified(input: EmailOfLoginMethod): Promise<boolean> {
    const query = bodyOf(input);
    if (!Object.values(query).every(canBeLookedUp)) return false;
    return (await this.client.call({ method: 'GET', path: PATH, query, answer: verifiedAnswer })).isVerified;
  }

  async revokeEmailVerificationTokens(input: EmailOfLoginMethod & { tenantId: string }): Promise<{ status: 'OK' }> {
    const { tenantId } = input;
    const path = `${PATH}/token/remove`;
    const body = bodyOf(input);
    return this.client.call({ method: 'POST', path, tenantId, body, isRepeatable: true, answer: ok });
  }

  async unverifyEmail(input: EmailOfLoginMethod): Promise<{ status: 'OK' }> {
    const path = `${PATH}/remove`;
    const call = { method: 'POST', path, body: bodyOf(input), isRepeatable: true, answer: ok } as const;
    const result = await this.client.call(call);
    await this.facts.announce({ fact: 'emailVerification', recipeUserId: input.recipeUserId });
    return result;
  }

  private post({ tenantId, token }: { tenantId: string; token: string }) {
    // One that nobody has, so that the tenant is asked for as well.
    const body = { method: 'token', token: canBeLookedUp(token) ? token : '-' };
    return this.client.call({ method: 'POST', path: PATH, tenantId, body, answer: spent });
  }
}

function bodyOf({ recipeUserId, email }: EmailOfLoginMethod) {
  return { userId: recipeUserId, email: normaliseEmail(email) };
}
