import { isDeepStrictEqual } from 'node:util';
import { StorageUnavailableError } from '../auth.error.js';
import type { JsonObject } from '../json.types.js';
import type { MaybePromise } from '../maybe-promise.js';
import { PROTECTED_ACCESS_TOKEN_CLAIMS, type VerifySessionResult } from '../sessions.core.js';
import {
  type AccessTokenRefusal,
  AccessTokenVerifier,
  type VerifiedAccessToken,
  type VerifyAccessTokenInput,
} from '../access-token/access-token.verifier.js';
import type { TokenWatch } from '../access-token/known-revocations.js';
import type { FirstUse } from './first-use.js';
import type { SessionsStorage } from './storage/sessions.storage.js';

const NO_SESSION = { status: 'UNAUTHORISED', message: 'The session does not exist' } as const;
const BEHIND = "revocations were not heard of for too long, and revocationFeed.whenBehind is 'refuse'";

/** Verifies access tokens, and asks the storage where that is wanted. */
export class SessionVerifier {
  constructor(
    private readonly tokens: AccessTokenVerifier,
    private readonly storage: SessionsStorage,
    private readonly firstUse: FirstUse,
    private readonly clock: () => number,
    private readonly revocations?: { watch: TokenWatch; refreshesChangedClaims: boolean },
  ) {}

  /** A token that was verified before costs a look-up, and no promise. */
  verify(input: VerifyAccessTokenInput): MaybePromise<VerifySessionResult> {
    const verified = this.tokens.recall(input.accessToken);
    return verified === undefined ? this.verifyNewToken(input) : this.result(verified, input);
  }

  /** The signature and the form, not the expiry. */
  async read(input: { accessToken: string; acceptsJWTs?: boolean }): Promise<VerifiedAccessToken | AccessTokenRefusal> {
    const { accessToken, acceptsJWTs = false } = input;
    const verified = this.tokens.recall(accessToken) ?? (await this.tokens.verify(accessToken));
    const isNone = 'status' in verified && verified.status === 'UNAUTHORISED';
    return isNone && acceptsJWTs ? this.readJWT(accessToken) : verified;
  }

  private async verifyNewToken(input: VerifyAccessTokenInput): Promise<VerifySessionResult> {
    const verified = await this.read(input);
    return 'status' in verified ? verified : this.result(verified, input);
  }

  private result(verified: VerifiedAccessToken, input: VerifyAccessTokenInput): MaybePromise<VerifySessionResult> {
    const result = this.tokens.judge(verified, input, this.clock());
    if (result.status !== 'OK') return result;
    const finding = this.revocations?.watch.look(verified);
    if (finding === 'REVOKED') return NO_SESSION;
    if (finding === 'BEHIND') throw new StorageUnavailableError({ detail: BEHIND });
    const mustAsk = input.checkDatabase || finding !== undefined;
    const confirm = mustAsk ? () => this.confirm(verified, finding !== undefined) : undefined;
    if (this.firstUse.isDue(verified, input, mustAsk)) return this.tellOfUse(verified, input, confirm);
    return confirm === undefined ? result : confirm();
  }

  private async tellOfUse(
    verified: VerifiedAccessToken,
    input: VerifyAccessTokenInput,
    confirm: (() => Promise<VerifySessionResult>) | undefined,
  ): Promise<VerifySessionResult> {
    const answer = await this.firstUse.tell(verified, input, confirm !== undefined);
    // A token that replaces it says what is stored.
    return answer.status === 'OK' && answer.accessToken === undefined && confirm !== undefined ? confirm() : answer;
  }

  /** @param mayBeFormer whether claims may have changed since the token was issued */
  private async confirm(verified: VerifiedAccessToken, mayBeFormer: boolean): Promise<VerifySessionResult> {
    const refreshesChangedClaims = mayBeFormer && this.revocations?.refreshesChangedClaims === true;
    const isCurrent = this.revocations?.watch.comparing(verified);
    const row = await this.storage.find(verified.session.handle, this.clock());
    if (row === undefined) return NO_SESSION;
    if (refreshesChangedClaims && !hasClaims(verified, row.access_token_payload)) {
      return { status: 'TRY_REFRESH_TOKEN', message: 'The claims of the session have changed' };
    }
    if (refreshesChangedClaims) isCurrent?.();
    return { status: 'OK', session: verified.session };
  }

  /**
   * JWTs are signed for anyone who may call `createJWT`, with any payload: so the storage is asked, and one that names a session
   * of somebody else is refused.
   */
  private async readJWT(token: string): Promise<VerifiedAccessToken | AccessTokenRefusal> {
    const verified = await this.tokens.verifyJWT(token);
    if ('status' in verified) return verified;
    const { sessionHandle, sub, rsub, tId } = verified.claims;
    const row = await this.storage.find(sessionHandle, this.clock());
    const isOfSession = row?.user_id === sub && row.recipe_user_id === rsub && row.tenant_id === tId;
    return isOfSession ? verified : NO_SESSION;
  }
}

/** Whether the token says what is stored, beside the claims of its own. */
function hasClaims({ session }: VerifiedAccessToken, stored: string): boolean {
  const custom: JsonObject = { ...session.accessTokenPayload };
  for (const name of PROTECTED_ACCESS_TOKEN_CLAIMS) delete custom[name];
  return isDeepStrictEqual(custom, JSON.parse(stored));
}
