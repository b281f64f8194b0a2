import { z } from 'zod';
import { StorageUnavailableError } from '../auth.error.js';
import { readAccessToken, toCoreSession } from '../access-token/access-token.js';
import {
  AccessTokenVerifier,
  type VerifiedAccessToken,
  type VerifyAccessTokenInput,
} from '../access-token/access-token.verifier.js';
import { type MaybePromise, whenThere } from '../maybe-promise.js';
import type { CoreSession, VerifySessionResult } from '../sessions.core.js';
import { ok, statusOf, token } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import type { RemoteKeyRing } from './remote-key-ring.js';

const confirmed = z.discriminatedUnion('status', [
  ok.extend({ accessToken: token.optional() }),
  statusOf('UNAUTHORISED', 'TRY_REFRESH_TOKEN').extend({ message: z.string() }),
]);

/** Verifies access tokens in this process, and asks the core where only it can tell. */
export class RemoteAccessTokens {
  private readonly verifier: AccessTokenVerifier;

  constructor(
    private readonly client: CoreClient,
    private readonly ring: RemoteKeyRing,
    private readonly clock: () => number,
  ) {
    this.verifier = new AccessTokenVerifier(ring, () => false);
  }

  /** Without waiting where the token was verified before and the core has nothing to say. */
  verify(input: VerifyAccessTokenInput): MaybePromise<VerifySessionResult> {
    const remembered = this.verifier.recall(input.accessToken) ?? this.verifier.verify(input.accessToken);
    return whenThere(remembered, (verified) => ('status' in verified ? verified : this.judge(verified, input)));
  }

  private judge(verified: VerifiedAccessToken, input: VerifyAccessTokenInput): MaybePromise<VerifySessionResult> {
    const result = this.verifier.judge(verified, input, this.clock());
    if (result.status !== 'OK') return result;
    // A token that came of a refresh and was not used yet: by using it, the client spends the refresh token before.
    const isFirstUse = verified.claims.parentRefreshTokenHash1 !== null;
    return input.checkDatabase || isFirstUse ? this.confirm(verified, input) : result;
  }

  /** @returns the session of a token that we have signed, however old */
  async read(accessToken: string): Promise<CoreSession | undefined> {
    const verified = this.verifier.recall(accessToken) ?? (await this.verifier.verify(accessToken));
    return 'status' in verified ? undefined : verified.session;
  }

  private async confirm(verified: VerifiedAccessToken, input: VerifyAccessTokenInput): Promise<VerifySessionResult> {
    const { accessToken, antiCsrfToken, checkAntiCsrf, checkDatabase } = input;
    const answer = await this.client.call({
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
    this.ring.expect(read.header.kid);
    return { status: 'OK', session: toCoreSession(read.claims, read.payload), accessToken: answer.accessToken };
  }
}
