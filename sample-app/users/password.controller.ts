import { BadRequestException, Body, ConflictException, Controller, HttpCode, Post } from '@nestjs/common';
import {
  AttemptLimits,
  EmailPasswordFunctions,
  Session,
  SessionFunctions,
  TooManyAttemptsError,
  Users,
  type SessionContainer,
} from 'latchkey';

type PasswordChange =
  { status: 'OK' } | { status: 'FIELD_ERROR'; formFields: { id: 'currentPassword' | 'newPassword'; error: string }[] };

/** A new password for somebody who is signed in: a route of the application's own, made of the recipe's functions. */
@Controller('api/me/password')
export class PasswordController {
  constructor(
    private readonly emailPassword: EmailPasswordFunctions,
    private readonly sessions: SessionFunctions,
    private readonly users: Users,
    private readonly limits: AttemptLimits,
  ) {}

  /** Asks for the old password too, or a browser left open would be enough to take the account over. */
  @Post()
  @HttpCode(200)
  async change(
    @Session({ checkDatabase: true }) session: SessionContainer,
    @Body() body: { currentPassword?: unknown; newPassword?: unknown } | undefined,
  ): Promise<PasswordChange> {
    const { currentPassword, newPassword } = body ?? {};
    if (typeof currentPassword !== 'string' || typeof newPassword !== 'string') {
      throw new BadRequestException('Give currentPassword and newPassword as text.');
    }
    try {
      const isRight = await this.isPassword(session, currentPassword);
      if (!isRight) return fieldError('currentPassword', 'This is not your current password.');
    } catch (error) {
      if (error instanceof TooManyAttemptsError) return fieldError('currentPassword', error.publicMessage);
      throw error;
    }
    const recipeUserId = session.getRecipeUserId();
    const result = await this.emailPassword.updateEmailOrPassword({ recipeUserId, password: newPassword });
    if (result.status === 'PASSWORD_POLICY_VIOLATED_ERROR') return fieldError('newPassword', result.failureReason);
    if (result.status !== 'OK') throw new ConflictException('The account has changed meanwhile. Sign in again.');
    await this.signOutElsewhere(session);
    return { status: 'OK' };
  }

  private async isPassword(session: SessionContainer, password: string): Promise<boolean> {
    const user = await this.users.getUser(session.getUserId());
    const method = user?.loginMethods.find(({ recipeUserId }) => recipeUserId === session.getRecipeUserId());
    // With a provider's address, this could be the password of somebody else.
    if (method?.recipeId !== 'emailpassword' || method.email === undefined) return false;
    // Anyone who has got hold of a session must not be able to guess here as often as they like.
    const attempt = { action: 'signIn', tenantId: session.getTenantId(), account: method.email };
    const counted = await this.limits.count(attempt);
    const { status } = await this.emailPassword.signIn({ email: method.email, password });
    if (status === 'OK') await this.limits.succeed(counted);
    return status === 'OK';
  }

  /** Anyone who knew the old password is out; this browser stays in. */
  private async signOutElsewhere(session: SessionContainer): Promise<void> {
    const handles = await this.sessions.getAllSessionHandlesForUser({ userId: session.getUserId() });
    const sessionHandles = handles.filter((handle) => handle !== session.getHandle());
    await this.sessions.revokeMultipleSessions({ sessionHandles });
  }
}

function fieldError(id: 'currentPassword' | 'newPassword', error: string): PasswordChange {
  return { status: 'FIELD_ERROR', formFields: [{ id, error }] };
}
