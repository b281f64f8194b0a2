import { Controller, Inject } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import { EmailPasswordCore, type PasswordHashingAlgorithm } from '../lib/core/email-password.core.js';
import { hasLoginMethod, type User, UsersCore } from '../lib/core/users.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute, TenantRoute } from './wire/routes.js';
import { SignInLimits } from './wire/sign-in-limits.js';
import { userAnswer, withUserAnswer } from './wire/user-answer.js';

const hashingAlgorithms: readonly PasswordHashingAlgorithm[] = ['argon2', 'bcrypt', 'firebase_scrypt', 'scrypt'];

@Controller()
export class EmailPasswordController {
  constructor(@Inject(SignInLimits) private readonly limits: SignInLimits) {}

  @TenantRoute('POST', 'recipe/signup')
  async signUp(
    @CorePort(EmailPasswordCore) emailPassword: EmailPasswordCore,
    @Cdi() { tenantId, body, version, isAbandoned }: CdiRequest,
  ) {
    const credentials = { email: body.text('email'), password: newPassword(body.text('password')) };
    return withUserAnswer(await emailPassword.signUp({ tenantId, ...credentials, isAbandoned }), version);
  }

  @TenantRoute('POST', 'recipe/signin')
  async signIn(
    @CorePort(EmailPasswordCore) emailPassword: EmailPasswordCore,
    @Cdi() { app, tenantId, body, version, isAbandoned }: CdiRequest,
  ) {
    const credentials = { tenantId, email: body.text('email'), password: body.text('password') };
    const signIn = () => emailPassword.signIn({ ...credentials, isAbandoned });
    // Our own driver knows addresses and devices, and has counted.
    const isCounted = body.optionalBoolean('isAttemptCounted') ?? false;
    const result = isCounted ? await signIn() : await this.limits.attempt(app.core, credentials, signIn);
    return withUserAnswer(result, version);
  }

  @TenantRoute('POST', 'recipe/user/password/reset/token')
  async createResetToken(
    @CorePort(EmailPasswordCore) emailPassword: EmailPasswordCore,
    @Cdi() { tenantId, body }: CdiRequest,
  ) {
    const user = { userId: body.text('userId'), email: body.text('email') };
    const result = await emailPassword.createResetPasswordToken({ tenantId, ...user });
    return result.status === 'OK' ? { status: result.status, token: result.token } : result;
  }

  @TenantRoute('POST', 'recipe/user/password/reset/token/consume')
  async consumeResetToken(
    @CorePort(EmailPasswordCore) emailPassword: EmailPasswordCore,
    @Cdi() { tenantId, body }: CdiRequest,
  ) {
    const result = await emailPassword.consumePasswordResetToken({ tenantId, token: body.text('token') });
    return result.status === 'OK' ? { status: result.status, userId: result.userId, email: result.email } : result;
  }

  @TenantRoute('POST', 'recipe/user/password/reset')
  async resetPassword(
    @CorePort(EmailPasswordCore) emailPassword: EmailPasswordCore,
    @Cdi() { app, tenantId, body, isAbandoned }: CdiRequest,
  ) {
    if (body.text('method') !== 'token') throw new BadInputError("Field name 'method' is invalid in JSON input");
    const result = await emailPassword.resetPasswordUsingToken({
      tenantId,
      token: body.text('token'),
      newPassword: newPassword(body.text('newPassword')),
      isAbandoned,
    });
    if (result.status !== 'OK') return result;
    await this.limits.unlock(app.core, result.userId);
    return { status: result.status, userId: result.userId };
  }

  @TenantRoute('POST', 'recipe/user/passwordhash/import')
  async importUser(
    @CorePort(EmailPasswordCore) emailPassword: EmailPasswordCore,
    @Cdi() { tenantId, body, version }: CdiRequest,
  ) {
    const { status, user, didUserAlreadyExist } = await emailPassword.importUserWithPasswordHash({
      tenantId,
      email: body.text('email'),
      passwordHash: body.text('passwordHash'),
      hashingAlgorithm: hashingAlgorithm(body.optionalText('hashingAlgorithm')),
    });
    return { status, user: userAnswer(user, version), didUserAlreadyExist };
  }

  /** For drivers of long ago: others ask for users of every recipe. */
  @TenantRoute('GET', 'recipe/user')
  async find(@CorePort(UsersCore) users: UsersCore, @Cdi() { tenantId, query, version }: CdiRequest) {
    const [userId, email] = [query.optionalText('userId'), query.optionalText('email')];
    if ((userId === undefined) === (email === undefined)) {
      throw new BadInputError('Please provide one of userId or email');
    }
    const found =
      userId === undefined
        ? await users.listUsersByAccountInfo({ tenantId, accountInfo: { email } })
        : [await users.getUser(userId)];
    const signsIn = (user: User) =>
      email === undefined
        ? user.loginMethods.some(({ recipeId }) => recipeId === 'emailpassword')
        : hasLoginMethod(user, { recipeId: 'emailpassword', email, tenantId });
    const user = found.find((each) => each !== undefined && signsIn(each));
    if (user !== undefined) return { status: 'OK', user: userAnswer(user, version) };
    return { status: userId === undefined ? 'UNKNOWN_EMAIL_ERROR' : 'UNKNOWN_USER_ID_ERROR' };
  }

  @AppRoute('PUT', 'recipe/user')
  async update(@CorePort(EmailPasswordCore) emailPassword: EmailPasswordCore, @Cdi() { app, body }: CdiRequest) {
    const [recipeUserId, password] = [body.text('recipeUserId'), body.optionalText('password')];
    const result = await emailPassword.updateEmailOrPassword({
      recipeUserId,
      email: body.optionalText('email'),
      password: password === undefined ? undefined : newPassword(password),
    });
    if (result.status === 'OK' && password !== undefined) await this.limits.unlock(app.core, recipeUserId);
    return result;
  }
}

function newPassword(password: string): string {
  if (password === '') throw new BadInputError('Password cannot be an empty string');
  return password;
}

function hashingAlgorithm(name: string | undefined): PasswordHashingAlgorithm | undefined {
  if (name === undefined) return undefined;
  const algorithm = hashingAlgorithms.find((one) => one === name.toLowerCase());
  if (algorithm === undefined) throw new BadInputError('Unsupported password hashing algorithm');
  return algorithm;
}
