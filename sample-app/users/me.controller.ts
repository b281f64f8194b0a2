import { Controller, Get } from '@nestjs/common';
import {
  CurrentUser,
  EmailVerificationClaim,
  PermissionClaim,
  Session,
  UserRoleClaim,
  type SessionContainer,
  type User,
} from 'latchkey';
import { NewUsers } from './new-users.service.js';

@Controller('api/me')
export class MeController {
  constructor(private readonly profiles: NewUsers) {}

  @Get()
  async me(@Session() session: SessionContainer, @CurrentUser() user: User) {
    return {
      userId: user.id,
      email: user.emails[0],
      displayName: await this.profiles.displayNameOf(user.id),
      isEmailVerified: await session.getClaimValue(EmailVerificationClaim),
      hasPassword: user.loginMethods.some(({ recipeId }) => recipeId === 'emailpassword'),
      roles: await session.getClaimValue(UserRoleClaim),
      permissions: await session.getClaimValue(PermissionClaim),
      // The claim is in seconds.
      accessTokenExpiresAtMs: Number(session.getAccessTokenPayload().exp) * 1000,
    };
  }
}
