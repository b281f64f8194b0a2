import { Inject, Injectable } from '@nestjs/common';
import { BadInputError } from '../../core/auth.error.js';
import type { JsonObject, JsonValue } from '../../core/json.types.js';
import { SessionsCore, type CoreSession, type SessionWithTokens } from '../../core/sessions.core.js';
import { PublicPaths } from '../../http/public-paths.js';
import { UnauthorisedError } from './session.error.js';
import { SESSION_CONFIG, type SessionConfig } from './session.options.js';

/**
 * Whose session the claims tell of. `older`: made by this application before tokens had an audience. `accepted`: of
 * another application that this one takes sessions of, or of this one under a former address.
 */
type SessionOrigin = 'ours' | 'accepted' | 'older' | 'foreign';

interface KnownSession {
  readonly origin: SessionOrigin;
  readonly shown: CoreSession;
}

/**
 * For whom tokens are: several applications may share one database and its keys, and a token of one must not open
 * another. To the core, issuer and audience are claims like any other; here they are written, checked, and hidden from
 * the application, whose frontends count what a payload holds.
 * @see RFC 7519 §4.1.3 and RFC 9068 §4
 */
@Injectable()
export class SessionAudience {
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(SessionsCore) private readonly sessionsCore!: SessionsCore;
  @Inject(PublicPaths) private readonly paths!: PublicPaths;
  /** Sessions are verified again and again, each the same frozen object: it is looked at once. */
  private readonly known = new WeakMap<CoreSession, KnownSession>();

  originOf({ iss, aud }: Readonly<JsonObject>): SessionOrigin {
    const { audience, acceptedAudiences, acceptedIssuers } = this.config;
    const { issuer } = this.paths;
    const audiences = textsIn(aud);
    if (audiences.length === 0) return isOfSameOrigin(iss, [issuer, ...acceptedIssuers]) ? 'older' : 'foreign';
    if (iss === issuer && audiences.includes(audience)) return 'ours';
    const isAccepted =
      [issuer, ...acceptedIssuers].some((each) => each === iss) &&
      [audience, ...acceptedAudiences].some((each) => audiences.includes(each));
    return isAccepted ? 'accepted' : 'foreign';
  }

  /**
   * Claims as they are stored and signed. An audience that the application gives stands beside ours.
   * @throws {BadInputError} an audience that is neither a text nor a list of texts
   */
  write(claims: JsonObject = {}): JsonObject {
    const { aud = null } = claims;
    const others = textsIn(aud).filter((each) => !this.isOurs(each));
    if (aud !== null && textsIn(aud).length !== [aud].flat().length) {
      throw new BadInputError('The claim aud must be a text or a list of texts');
    }
    const { audience } = this.config;
    return { ...claims, iss: this.paths.issuer, aud: others.length === 0 ? audience : [audience, ...others] };
  }

  /** What is to be merged into stored claims, which may have issuer and audience already. */
  writeUpdate({ iss: _iss, ...update }: JsonObject): JsonObject {
    return update.aud === undefined ? update : { ...update, aud: this.write(update).aud };
  }

  /** Claims as the application sees them: `aud` is what it has given itself. */
  show(claims: Readonly<JsonObject>): JsonObject {
    const { aud, ...others } = claims;
    const rest = textsIn(aud).filter((each) => !this.isOurs(each));
    if (rest.length === 0) return others;
    return { ...others, aud: rest.length === 1 ? rest[0]! : rest };
  }

  /** Whose the session is, and how the application sees it. */
  look(session: CoreSession): KnownSession {
    const known = this.known.get(session);
    if (known !== undefined) return known;
    const accessTokenPayload = Object.freeze(this.show(session.accessTokenPayload));
    const view = {
      origin: this.originOf(session.accessTokenPayload),
      shown: Object.freeze({ ...session, accessTokenPayload }),
    };
    this.known.set(session, view);
    return view;
  }

  /** A session of before there was an audience, or of another application that we accept, becomes ours. */
  async adopt(refreshed: SessionWithTokens): Promise<SessionWithTokens> {
    const { accessTokenPayload } = refreshed.session;
    if (this.originOf(accessTokenPayload) === 'ours') return refreshed;
    const { aud = null } = this.show(accessTokenPayload);
    const regenerated = await this.sessionsCore.regenerateAccessToken({
      accessToken: refreshed.accessToken.token,
      accessTokenPayloadUpdate: this.write({ aud }),
    });
    if (regenerated.status !== 'OK') throw new UnauthorisedError('The session does not exist');
    return { ...refreshed, session: regenerated.session, accessToken: regenerated.accessToken };
  }

  private isOurs(audience: string): boolean {
    return audience === this.config.audience || this.config.acceptedAudiences.includes(audience);
  }
}

function textsIn(aud: JsonValue | undefined): string[] {
  const list = Array.isArray(aud) ? aud : [aud];
  return list.filter((each) => typeof each === 'string');
}

/** Before there was an audience, a change of `apiBasePath` or of a global prefix ended no session. */
function isOfSameOrigin(iss: JsonValue | undefined, issuers: string[]): boolean {
  if (typeof iss !== 'string' || !URL.canParse(iss)) return false;
  const { origin } = new URL(iss);
  return issuers.some((issuer) => new URL(issuer).origin === origin);
}
