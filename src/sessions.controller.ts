import { Controller, ForbiddenException } from '@nestjs/common';
import { PUBLIC_TENANT_ID } from '../lib/core/core.js';
import { SessionsCore } from '../lib/core/sessions.core.js';
import { BadInputError } from '../lib/core/auth.error.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute, TenantRoute } from './wire/routes.js';
import {
  rotationOf,
  sessionAnswer,
  sessionWithTokensAnswer,
  tokenAnswer,
  unauthorisedAnswer,
} from './wire/session-answer.js';

@Controller()
export class SessionsController {
  @TenantRoute('POST', 'recipe/session')
  async create(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { body, tenantId }: CdiRequest) {
    const userId = body.text('userId');
    const created = await sessions.createNewSession({
      tenantId,
      userId,
      recipeUserId: userId,
      accessTokenPayload: body.object('userDataInJWT'),
      sessionDataInDatabase: body.object('userDataInDatabase'),
      enableAntiCsrf: body.boolean('enableAntiCsrf'),
      useDynamicSigningKey: body.optionalBoolean('useDynamicSigningKey') ?? true,
    });
    return sessionWithTokensAnswer(created);
  }

  @AppRoute('GET', 'recipe/session')
  async information(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { query }: CdiRequest) {
    const found = await sessions.getSessionInformation(query.text('sessionHandle'));
    if (found === undefined) return unauthorisedAnswer();
    return {
      status: 'OK',
      userDataInDatabase: found.sessionDataInDatabase,
      userDataInJWT: found.customClaimsInAccessTokenPayload,
      userId: found.userId,
      recipeUserId: found.recipeUserId,
      expiry: found.expiry,
      timeCreated: found.timeCreated,
      sessionHandle: found.sessionHandle,
      tenantId: found.tenantId,
    };
  }

  @AppRoute('POST', 'recipe/session/verify')
  async verify(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { body, version }: CdiRequest) {
    const result = await sessions.verifySession({
      accessToken: body.text('accessToken'),
      antiCsrfToken: body.optionalText('antiCsrfToken'),
      checkAntiCsrf: body.boolean('enableAntiCsrf') && body.boolean('doAntiCsrfCheck'),
      checkDatabase: body.optionalBoolean('checkDatabase') ?? false,
      acceptsJWTs: true,
      rotation: rotationOf(version),
    });
    if (result.status !== 'OK') return { status: result.status, message: result.message };
    const { session, accessToken } = result;
    return {
      status: 'OK',
      session: sessionAnswer(session),
      ...(accessToken === undefined ? {} : { accessToken: tokenAnswer(accessToken) }),
    };
  }

  @AppRoute('POST', 'recipe/session/refresh')
  async refresh(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { body, version }: CdiRequest) {
    const result = await sessions.refreshSession({
      refreshToken: body.text('refreshToken'),
      antiCsrfToken: body.optionalText('antiCsrfToken'),
      enableAntiCsrf: body.boolean('enableAntiCsrf'),
      useDynamicSigningKey: body.optionalBoolean('useDynamicSigningKey') ?? true,
      rotation: rotationOf(version),
    });
    switch (result.status) {
      case 'OK':
        return sessionWithTokensAnswer(result);
      case 'UNAUTHORISED':
        return unauthorisedAnswer(result.message);
      case 'TOKEN_THEFT_DETECTED': {
        const { handle, userId, recipeUserId } = result.session;
        return { status: result.status, session: { handle, userId, recipeUserId } };
      }
    }
  }

  @AppRoute('POST', 'recipe/session/regenerate')
  async regenerate(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { body }: CdiRequest) {
    const result = await sessions.regenerateAccessToken({
      accessToken: body.text('accessToken'),
      accessTokenPayload: body.optionalObject('userDataInJWT'),
      acceptsJWTs: true,
    });
    if (result.status !== 'OK') return unauthorisedAnswer();
    return { status: 'OK', session: sessionAnswer(result.session), accessToken: tokenAnswer(result.accessToken) };
  }

  /** By handles, those of the tenant only, unless it is the public one; or all of a user. */
  @TenantRoute('POST', 'recipe/session/remove')
  async remove(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { body, tenantId }: CdiRequest) {
    const handles = body.optionalTexts('sessionHandles');
    const userId = body.optionalText('userId');
    if ((handles === undefined) === (userId === undefined)) {
      throw new BadInputError('Invalid JSON input - use one of userId or sessionHandles array');
    }
    if (userId !== undefined) {
      const tenant = tenantOrAll(tenantId, body.optionalBoolean('revokeAcrossAllTenants'));
      const ofLinkedAccounts = body.optionalBoolean('revokeSessionsForLinkedAccounts');
      return revoked(await sessions.revokeAllSessionsForUser({ userId, ...tenant, ofLinkedAccounts }));
    }
    return revoked(await sessions.revokeSessions(handles!.filter((handle) => isReachableFrom(tenantId, handle))));
  }

  @TenantRoute('GET', 'recipe/session/user')
  async handlesOfUser(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { query, tenantId }: CdiRequest) {
    const tenant = tenantOrAll(tenantId, query.optionalBoolean('fetchAcrossAllTenants'));
    const sessionHandles = await sessions.getAllSessionHandlesForUser({
      userId: query.text('userId'),
      ...tenant,
      ofLinkedAccounts: query.optionalBoolean('fetchSessionsForAllLinkedAccounts'),
    });
    return { status: 'OK', sessionHandles };
  }

  @AppRoute('GET', 'recipe/session/data')
  async data(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { query }: CdiRequest) {
    const found = await sessions.getSessionInformation(query.text('sessionHandle'));
    if (found === undefined) return unauthorisedAnswer();
    return { status: 'OK', userDataInDatabase: found.sessionDataInDatabase };
  }

  @AppRoute('PUT', 'recipe/session/data')
  async updateData(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { body }: CdiRequest) {
    const didExist = await sessions.updateSessionData({
      sessionHandle: body.text('sessionHandle'),
      sessionData: body.object('userDataInDatabase'),
    });
    return didExist ? { status: 'OK' } : unauthorisedAnswer();
  }

  @TenantRoute('GET', 'recipe/jwt/data')
  async claims(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { query, tenantId }: CdiRequest) {
    const handle = query.text('sessionHandle');
    const found = isReachableFrom(tenantId, handle) ? await sessions.getSessionInformation(handle) : undefined;
    if (found === undefined) return unauthorisedAnswer();
    return { status: 'OK', userDataInJWT: found.customClaimsInAccessTokenPayload };
  }

  @TenantRoute('PUT', 'recipe/jwt/data')
  async updateClaims(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { body, tenantId }: CdiRequest) {
    const sessionHandle = body.text('sessionHandle');
    const accessTokenPayload = body.object('userDataInJWT');
    if (!isReachableFrom(tenantId, sessionHandle)) return unauthorisedAnswer();
    const didExist = await sessions.updateAccessTokenPayload({ sessionHandle, accessTokenPayload });
    return didExist ? { status: 'OK' } : unauthorisedAnswer();
  }
}

/** @throws {ForbiddenException} a tenant asks about the others */
function tenantOrAll(tenantId: string, acrossAllTenants = true): { tenantId?: string } {
  if (!acrossAllTenants) return { tenantId };
  if (tenantId === PUBLIC_TENANT_ID) return {};
  throw new ForbiddenException('Only public tenantId can call this app specific API');
}

/** The handle of a session outside of the public tenant ends with its tenant. */
function isReachableFrom(tenantId: string, handle: string): boolean {
  return tenantId === PUBLIC_TENANT_ID || handle.endsWith(`_${tenantId}`);
}

function revoked(sessionHandlesRevoked: string[]) {
  return { status: 'OK', sessionHandlesRevoked };
}
