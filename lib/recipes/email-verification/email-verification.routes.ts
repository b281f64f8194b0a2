import { BadInputError } from '../../core/auth.error.js';
import type { AuthRoutes } from '../../http/auth-routes.js';
import { describeIsVerified, describeVerify, describeVerifyToken } from './email-verification.descriptions.js';
import type { EmailVerificationApi } from './email-verification.api.js';

export const emailVerificationRoutes: AuthRoutes<EmailVerificationApi> = {
  generateEmailVerifyTokenPOST: {
    describe: describeVerifyToken,
    method: 'POST',
    paths: ['user/email/verify/token'],
    perTenant: true,
    input: () => ({}),
  },
  verifyEmailPOST: {
    describe: describeVerify,
    method: 'POST',
    paths: ['user/email/verify'],
    perTenant: true,
    attempt: { action: 'emailVerification' },
    async input({ request, tenantId }) {
      const body = (await request.getJSONBody()) as { token?: unknown; method?: unknown } | undefined;
      const { token, method } = body ?? {};
      if (token === undefined || token === null) {
        throw new BadInputError('Please provide the email verification token');
      }
      if (typeof token !== 'string') throw new BadInputError('The email verification token must be a string');
      if (method !== undefined && method !== 'token') {
        throw new BadInputError("The method of an email verification must be 'token'");
      }
      return { token, tenantId };
    },
    answer: (result) => (result.status === 'OK' ? { status: 'OK' } : result),
  },
  isEmailVerifiedGET: {
    describe: describeIsVerified,
    method: 'GET',
    paths: ['user/email/verify'],
    perTenant: true,
    okHolds: { isVerified: 'boolean' },
    input: () => ({}),
  },
};
