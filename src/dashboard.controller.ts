import { Controller, Inject } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import { DashboardCore, type DashboardUserKey } from '../lib/core/dashboard.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import type { BodyFields, QueryFields } from './wire/fields.js';
import { AppRoute } from './wire/routes.js';
import { SignInLimits } from './wire/sign-in-limits.js';

/** They are in no tenant: their attempts are counted apart from those of users. */
const NO_TENANT = 'dashboard\0';

@Controller('recipe/dashboard')
export class DashboardController {
  constructor(@Inject(SignInLimits) private readonly limits: SignInLimits) {}

  @AppRoute('POST', 'user')
  async create(@CorePort(DashboardCore) dashboard: DashboardCore, @Cdi() { body }: CdiRequest) {
    return dashboard.createUser({ email: body.text('email'), password: body.text('password') });
  }

  @AppRoute('PUT', 'user')
  async update(@CorePort(DashboardCore) dashboard: DashboardCore, @Cdi() { body }: CdiRequest) {
    const [newEmail, newPassword] = [body.optionalText('newEmail'), body.optionalText('newPassword')];
    return dashboard.updateUser({ user: keyOf(body), newEmail, newPassword });
  }

  @AppRoute('DELETE', 'user')
  async delete(@CorePort(DashboardCore) dashboard: DashboardCore, @Cdi() { query }: CdiRequest) {
    return dashboard.deleteUser(keyOf(query));
  }

  @AppRoute('GET', 'users')
  async users(@CorePort(DashboardCore) dashboard: DashboardCore) {
    const users = await dashboard.listUsers();
    return { status: 'OK', users: users.map((user) => ({ ...user, isSuspended: false })) };
  }

  /** What is called the id of a session here ends it, and opens nothing. */
  @AppRoute('GET', 'user/sessions')
  async sessions(@CorePort(DashboardCore) dashboard: DashboardCore, @Cdi() { query }: CdiRequest) {
    const sessions = await dashboard.listSessions(query.text('userId'));
    return {
      status: 'OK',
      sessions: sessions.map(({ sessionHandle, ...session }) => ({ ...session, sessionId: sessionHandle })),
    };
  }

  @AppRoute('POST', 'signin')
  async signIn(@CorePort(DashboardCore) dashboard: DashboardCore, @Cdi() { app, body }: CdiRequest) {
    const [email, password] = [body.text('email'), body.text('password')];
    const signIn = () => dashboard.signIn({ email, password });
    if (body.optionalBoolean('isAttemptCounted')) return signIn();
    return this.limits.attempt(app.core, { tenantId: NO_TENANT, email }, signIn);
  }

  @AppRoute('POST', 'session/verify')
  async verify(@CorePort(DashboardCore) dashboard: DashboardCore, @Cdi() { body }: CdiRequest) {
    // Drivers send what came with a request, and that may have been nothing.
    return dashboard.verifySession(body.optionalText('sessionId') ?? '');
  }

  @AppRoute('DELETE', 'session')
  async revoke(@CorePort(DashboardCore) dashboard: DashboardCore, @Cdi() { query }: CdiRequest) {
    return dashboard.revokeSession(query.text('sessionId'));
  }
}

/** @throws {BadInputError} it names nobody */
function keyOf(fields: BodyFields | QueryFields): DashboardUserKey {
  const [userId, email] = [fields.optionalText('userId'), fields.optionalText('email')];
  if (userId !== undefined) return { userId };
  if (email !== undefined) return { email };
  throw new BadInputError("One of 'userId' and 'email' must be given");
}
