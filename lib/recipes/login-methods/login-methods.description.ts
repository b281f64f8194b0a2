import type { RouteDescription } from '../../http/route-description.js';
import { flag, listOf, members, statusAnswer, text } from '../../http/route-schema.js';

const isEnabled = members({ enabled: flag });

export const describeLoginMethods: RouteDescription = {
  summary: 'The ways in that the tenant offers',
  // Whichever recipe answers it.
  operationId: 'loginMethods',
  query: { clientType: { description: 'Which client of the providers, where they have several', required: false } },
  answers: {
    200: [
      statusAnswer('OK', {
        emailPassword: isEnabled,
        thirdParty: members({ enabled: flag, providers: listOf(members({ id: text() }, { name: text() })) }),
        passwordless: isEnabled,
        webauthn: isEnabled,
        firstFactors: listOf(text()),
      }),
    ],
  },
};
