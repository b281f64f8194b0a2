import { Inject, Injectable } from '@nestjs/common';
import {
  type APIOptions,
  EmailQueue,
  type GeneralErrorResponse,
  type SessionContainer,
  Sessions,
  UnauthorisedError,
  type User,
  type UserContext,
  Users,
} from 'latchkey';
import { Core } from 'latchkey/recipe-kit';
import type { Badge } from './badges.core.js';
import { BadgesFunctions } from './badges.functions.js';
import type { BadgesConfig } from './badges.options.js';

export interface BadgesApiInput {
  options: APIOptions<BadgesFunctions, BadgesConfig>;
  userContext: UserContext;
}

export interface BadgeSignInPOSTInput extends BadgesApiInput {
  tenantId: string;
  code: string;
  pin: string;
}

export interface IssueBadgePOSTInput extends BadgeSignInPOSTInput {
  colour: string;
  contactEmail: string | undefined;
}

type SignedIn<Failure extends string> =
  { status: 'OK'; user: User; session: SessionContainer } | { status: Failure } | GeneralErrorResponse;

/** What clients ask of the recipe, one method for each route. An application overrides any of it by a subclass. */
@Injectable()
export class BadgesApi {
  @Inject(BadgesFunctions) protected readonly badgesFunctions!: BadgesFunctions;
  @Inject(Sessions) protected readonly sessions!: Sessions;
  @Inject(Users) protected readonly users!: Users;
  @Inject(EmailQueue) protected readonly emailQueue!: EmailQueue;
  @Inject(Core) protected readonly core!: Pick<Core, 'transaction'>;

  /** `POST /badge`: a new badge, and its holder signed in. */
  async issueBadgePOST(input: IssueBadgePOSTInput): Promise<SignedIn<'BADGE_ALREADY_EXISTS_ERROR'>> {
    const { tenantId, code, pin, colour, contactEmail, userContext } = input;
    // Together, or not at all: the badge and the email that tells of it.
    const result = await this.core.transaction(async () => {
      const issued = await this.badgesFunctions.issue({ tenantId, code, pin, colour, userContext });
      if (issued.status === 'OK' && contactEmail !== undefined) {
        const user = { id: issued.user.id, recipeUserId: issued.recipeUserId, email: contactEmail };
        await this.emailQueue.send('badgeIssued', { user, tenantId, colour }, userContext);
      }
      return issued;
    });
    return result.status === 'OK' ? this.signIn(result, input) : result;
  }

  /** `POST /badge/enter` */
  async badgeSignInPOST(input: BadgeSignInPOSTInput): Promise<SignedIn<'WRONG_BADGE_ERROR'>> {
    const { tenantId, code, pin, userContext } = input;
    const result = await this.badgesFunctions.enter({ tenantId, code, pin, userContext });
    return result.status === 'OK' ? this.signIn(result, input) : result;
  }

  /** `GET /badge`: that of the session. */
  async badgeGET(input: BadgesApiInput): Promise<{ status: 'OK'; badge: Badge } | { status: 'UNKNOWN_BADGE_ERROR' }> {
    const session = await this.sessionOf(input);
    const badge = await this.badgesFunctions.getBadge({ recipeUserId: session.getRecipeUserId() });
    return badge === undefined ? { status: 'UNKNOWN_BADGE_ERROR' } : { status: 'OK', badge };
  }

  /** `PUT /badge/:colour`: paints that of the session. */
  async paintBadgePUT(
    input: BadgesApiInput & { colour: string },
  ): Promise<{ status: 'OK' | 'UNKNOWN_BADGE_ERROR' } | GeneralErrorResponse> {
    const session = await this.sessionOf(input);
    const { colour, userContext } = input;
    return this.badgesFunctions.paint({ recipeUserId: session.getRecipeUserId(), colour, userContext });
  }

  /** `DELETE /badge`: its holder is gone, with everything. */
  async returnBadgeDELETE(input: BadgesApiInput): Promise<{ status: 'OK' }> {
    const session = await this.sessionOf(input);
    return this.users.deleteUser(session.getUserId());
  }

  private async signIn(
    { user, recipeUserId }: { user: User; recipeUserId: string },
    { tenantId, options, userContext }: BadgeSignInPOSTInput,
  ) {
    const session = await this.sessions.createNewSession(options.req, options.res, {
      userId: user.id,
      recipeUserId,
      tenantId,
      userContext,
    });
    return { status: 'OK' as const, user, session };
  }

  private async sessionOf({ options, userContext }: BadgesApiInput): Promise<SessionContainer> {
    const session = await this.sessions.getSession(options.req, options.res, { sessionRequired: true }, userContext);
    if (session === undefined) throw new UnauthorisedError();
    return session;
  }
}
