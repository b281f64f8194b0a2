import { type ApiCall, type AuthRoutes, BadInputError } from 'latchkey';
import type { BadgesApi } from './badges.api.js';
import type { BadgesConfig } from './badges.options.js';

/** How a request becomes the input of the API method of that name, and its result the answer. */
export const badgesRoutes: AuthRoutes<BadgesApi> = {
  issueBadgePOST: {
    method: 'POST',
    paths: ['badge'],
    perTenant: true,
    okHolds: { user: 'object' },
    async input(call) {
      const { colour, contactEmail, ...badge } = await readBody(call);
      if (contactEmail !== undefined && typeof contactEmail !== 'string')
        throw new BadInputError('contactEmail is no text');
      return { ...readBadge(badge), colour: knownColour(colour, call), contactEmail, tenantId: call.tenantId };
    },
    answer: (result) => (result.status === 'OK' ? { status: 'OK', user: result.user } : result),
  },
  badgeSignInPOST: {
    method: 'POST',
    paths: ['badge/enter'],
    perTenant: true,
    attempt: { action: 'badgeSignIn', account: ({ code }) => code },
    okHolds: { user: 'object' },
    input: async (call) => ({ ...readBadge(await readBody(call)), tenantId: call.tenantId }),
    answer: (result) => (result.status === 'OK' ? { status: 'OK', user: result.user } : result),
  },
  badgeGET: { method: 'GET', paths: ['badge'], okHolds: { badge: 'object' }, input: () => ({}) },
  paintBadgePUT: {
    method: 'PUT',
    paths: ['badge/:colour'],
    describe: ({ colours }: BadgesConfig) => ({
      summary: `Paints the badge ${colours.join(' or ')}`,
      answers: { 200: [{ type: 'object', properties: { status: { type: 'string', enum: ['OK'] } } }] },
      session: 'required',
    }),
    input: (call) => ({ colour: knownColour(call.pathParameters.colour, call) }),
  },
  returnBadgeDELETE: { method: 'DELETE', paths: ['badge'], input: () => ({}) },
};

async function readBody({ request }: ApiCall): Promise<Record<string, unknown>> {
  const body = await request.getJSONBody();
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new BadInputError('Send a JSON object');
  return body as Record<string, unknown>;
}

function readBadge({ code, pin }: Record<string, unknown>): { code: string; pin: string } {
  if (typeof code !== 'string' || !/^[A-Z]-\d{1,6}$/.test(code)) throw new BadInputError('code must be such as B-17');
  if (typeof pin !== 'string' || !/^\d{4,8}$/.test(pin)) throw new BadInputError('pin must be 4 to 8 digits');
  return { code, pin };
}

function knownColour(colour: unknown, { options }: ApiCall): string {
  const { colours } = options.config as BadgesConfig;
  if (typeof colour === 'string' && colours.includes(colour)) return colour;
  throw new BadInputError(`colour must be one of ${colours.join(', ')}`);
}
