import { z } from 'zod';
import { StorageUnavailableError } from '../auth.error.js';
import { readAccessToken, toCoreSession } from '../access-token/access-token.js';
import {
  type AccessTokenRefusal,
  AccessTokenVerifier,
  type VerifiedAccessToken,
  type VerifyAccessTokenInput,
} from '../access-token/access-token.verifier.js';
import { type MaybePromise, whenThere } from '../maybe-promise.js';
import type { CoreSession, VerifySessionResult } from '../sessions.core.js';
import { ok, statusOf, token } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import type { RemoteKeyRing } from './remote-key-ring.js';
import type { RemoteRevocationFeed } from './remote-revocation-feed.js';

const BEHIND = "revocations were not heard of for too long, and revocationFeed.whenBehind is 'refuse'";

const confirmed = z.discriminatedUnion('status', [
  ok.extend({ accessToken: token.optional() }),
  statusOf('UNAUTHORISED', 'TRY_REFRESH_TOKEN').extend({ message: z.string() }),
]);

interface RemoteAccessTokensDependencies {
  client: CoreClient;
  ring: RemoteKeyRing;
  clock: () => number;
  /** Undefined where revocations are not looked for. */
  feed: RemoteRevocationFeed | undefined;
}

/** Verifies access tokens in this process, and asks the core where only it can tell. */
export class RemoteAccessTokens {
  private readonly verifier: AccessTokenVerifier;

  constructor(private readonly engine: RemoteAccessTokensDependencies) {
    this.verifier = new AccessTokenVerifier(engine.ring, () => false);
  }

  /** Without waiting where the token was verified before and the core has nothing to say. */
  verify(input: VerifyAccessTokenInput): MaybePromise<VerifySessionResult> {
    const remembered = this.verifier.recall(input.accessToken) ?? this.verifyNewToken(input.accessToken);
    return whenThere(remembered, (verified) => ('status' in verified ? verified : this.judge(verified, input)));
  }

  private async verifyNewToken(token: string): Promise<VerifiedAccessToken | AccessTokenRefusal> {
    const verified = await this.verifier.verify(token);
    if (!('status' in verified)) await this.engine.feed?.begin();
    return verified;
  }

  private judge(verified: VerifiedAccessToken, input: VerifyAccessTokenInput): MaybePromise<VerifySessionResult> {
    const result = this.verifier.judge(verified, input, this.engine.clock());
    if (result.status !== 'OK') return result;
    // A token that came of a refresh and was not used yet: by using it, the client spends the refresh token before.
    const isFirstUse = verified.claims.parentRefreshTokenHash1 !== null;
    const finding = this.engine.feed?.look(verified);
    if (finding === 'REVOKED') return { status: 'UNAUTHORISED', message: 'The session does not exist' };
    if (finding === 'BEHIND') throw new StorageUnavailableError({ detail: BEHIND });
    const checkDatabase = input.checkDatabase || finding !== undefined;
    return checkDatabase || isFirstUse ? this.confirm(verified, { ...input, checkDatabase }) : result;
  }

  /** @returns the session of a token that we have signed, however old */
  async read(accessToken: string): Promise<CoreSession | undefined> {
    const verified = this.verifier.recall(accessToken) ?? (await this.verifier.verify(accessToken));
    return 'status' in verified ? undefined : verified.session;
  }

  private async confirm(verified: VerifiedAccessToken, input: VerifyAccessTokenInput): Promise<VerifySessionResult> {
    const { accessToken, antiCsrfToken, checkAntiCsrf, checkDatabase } = input;
    const answer = await this.engine.client.call({
      method: 'POST',
      path: '/recipe/session/verify',
      body: {
        accessToken,
        antiCsrfToken,
        doAntiCsrfCheck: checkAntiCsrf,
        enableAntiCsrf: checkAntiCsrf,
        checkDatabase,
      },
      isRepeatable: true,
      answer: confirmed,
    });
    if (answer.status !== 'OK') return { status: answer.status, message: answer.message };
    if (answer.accessToken === undefined) return { status: 'OK', session: verified.session };
    const read = readAccessToken(answer.accessToken.token);
    if (read === undefined) throw new StorageUnavailableError({ detail: 'the core issued an unreadable access token' });
    this.engine.ring.expect(read.header.kid);
    return { status: 'OK', session: toCoreSession(read.claims, read.payload), accessToken: answer.accessToken };
  }
}
