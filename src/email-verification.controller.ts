import { Controller } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import { EmailVerificationCore } from '../lib/core/email-verification.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import type { BodyFields } from './wire/fields.js';
import { AppRoute, TenantRoute } from './wire/routes.js';

@Controller('recipe/user/email/verify')
export class EmailVerificationController {
  @TenantRoute('POST', 'token')
  async createToken(@CorePort(EmailVerificationCore) emails: EmailVerificationCore, @Cdi() request: CdiRequest) {
    const { tenantId, body } = request;
    const result = await emails.createEmailVerificationToken({ tenantId, ...emailOf(body) });
    return result.status === 'OK' ? { status: result.status, token: result.token } : result;
  }

  @TenantRoute('POST', 'token/remove')
  async revokeTokens(@CorePort(EmailVerificationCore) emails: EmailVerificationCore, @Cdi() request: CdiRequest) {
    const { tenantId, body } = request;
    return emails.revokeEmailVerificationTokens({ tenantId, ...emailOf(body) });
  }

  @TenantRoute('POST', '/')
  async verify(@CorePort(EmailVerificationCore) emails: EmailVerificationCore, @Cdi() request: CdiRequest) {
    const { tenantId, body } = request;
    if (body.text('method') !== 'token') throw new BadInputError("Field name 'method' is invalid in JSON input");
    const token = body.text('token');
    const result = await emails.verifyEmailUsingToken({ tenantId, token });
    if (result.status !== 'OK') {
      const verified = await emails.findVerifiedByToken({ tenantId, token });
      return verified === undefined
        ? result
        : { ...result, verified: { userId: verified.recipeUserId, email: verified.email } };
    }
    return { status: result.status, userId: result.recipeUserId, email: result.email };
  }

  @AppRoute('GET', '/')
  async isVerified(@CorePort(EmailVerificationCore) emails: EmailVerificationCore, @Cdi() { query }: CdiRequest) {
    const email = { recipeUserId: query.text('userId'), email: query.text('email') };
    return { status: 'OK', isVerified: await emails.isEmailVerified(email) };
  }

  @AppRoute('POST', 'remove')
  async unverify(@CorePort(EmailVerificationCore) emails: EmailVerificationCore, @Cdi() { body }: CdiRequest) {
    return emails.unverifyEmail(emailOf(body));
  }
}

function emailOf(body: BodyFields) {
  return { recipeUserId: body.text('userId'), email: body.text('email') };
}
