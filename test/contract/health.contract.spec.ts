import { describe, expect, it } from '@jest/globals';
import { EmailOutboxCore } from '../../lib/core/email-outbox.core.js';
import { HealthCore } from '../../lib/core/health.core.js';
import { cores } from './cores.js';

const embedded = cores.filter(({ name }) => name.startsWith('embedded'));

describe.each(embedded)('The health of a core: $name', ({ create }) => {
  it('tells how many messages wait and since when, without decoys, and how old the key is', async () => {
    const { core, clock, close } = await create();
    const health = core.port(HealthCore);
    const startedAtMs = clock.now();
    const signingKey = { createdAtMs: startedAtMs, dueAtMs: startedAtMs + 168 * 3_600_000 };
    expect(await health.health()).toEqual({ outbox: { waiting: 0, givenUp: 0 }, signingKey });

    const message = { kind: 'passwordReset', content: {}, recipeUserId: 'ann', expiresAtMs: startedAtMs + 86_400_000 };
    await core.port(EmailOutboxCore).enqueue({ ...message, line: 'decoys' });
    clock.moveSeconds(1);
    await core.port(EmailOutboxCore).enqueue(message);
    clock.moveSeconds(1);
    await core.port(EmailOutboxCore).enqueue(message);

    expect((await health.health()).outbox).toEqual({ waiting: 2, oldestAtMs: startedAtMs + 1000, givenUp: 0 });
    await close();
  });
});
