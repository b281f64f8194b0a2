import { Controller, Get } from '@nestjs/common';
import { EmailVerificationClaim, Session, Users, type SessionContainer } from 'latchkey';
import { Administrators } from './administrators.js';

@Controller('api/me')
export class MeController {
  constructor(
    private readonly users: Users,
    private readonly administrators: Administrators,
  ) {}

  @Get()
  async me(@Session() session: SessionContainer) {
    const userId = session.getUserId();
    const user = await this.users.getUser(userId);
    return {
      userId,
      email: user?.emails[0],
      isEmailVerified: await session.getClaimValue(EmailVerificationClaim),
      hasPassword: user?.loginMethods.some(({ recipeId }) => recipeId === 'emailpassword') ?? false,
      isAdministrator: await this.administrators.include(userId),
      // The claim is in seconds.
      accessTokenExpiresAtMs: Number(session.getAccessTokenPayload().exp) * 1000,
    };
  }
}
