import { writeSync } from 'node:fs';
import { Argon2PasswordHasher } from '../../../lib/core/embedded/argon2-password-hasher.js';
import { createEmbeddedCore } from '../../../lib/core/parts/embedded-core.js';
import type { EmbeddedCoreOptions } from '../../../lib/core/parts/core.options.js';
import { EmailPasswordCore } from '../../../lib/core/email-password.core.js';
import { SessionsCore } from '../../../lib/core/sessions.core.js';
import { killableTasks, type KillableTask, type Step } from '../killed-process.js';

/**
 * Does each of the tasks over and over, in several lanes at once, until it is killed. Says of each operation that it
 * begins, and that it was answered OK, before it goes on; any other answer ends the process with an error.
 */
const [database = '', run = '', lanes = '1'] = process.argv.slice(2);

const tenantId = 'public';
const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 64, timeCost: 1, parallelism: 1 });
const core = await createEmbeddedCore(JSON.parse(database) as EmbeddedCoreOptions, { passwordHasher });
const emailPassword = core.port(EmailPasswordCore);
const sessions = core.port(SessionsCore);

function say(step: Step): void {
  writeSync(1, `${JSON.stringify(step)}\n`);
}

function mustBeOk<T extends { status: string }>(result: T): Extract<T, { status: 'OK' }> {
  if (result.status === 'OK') return result as Extract<T, { status: 'OK' }>;
  throw new Error(`Answered ${JSON.stringify(result)}`);
}

const works: Record<KillableTask, (lane: string) => Promise<void>> = {
  async 'sign-up'(lane) {
    for (let number = 0; ; number++) {
      const account = { email: `${lane}-${number}@example.com`, password: `password ${number}` };
      say({ lane, state: 'begun', ...account });
      mustBeOk(await emailPassword.signUp({ tenantId, ...account }));
      say({ lane, state: 'answered', ...account });
    }
  },

  async refresh(lane) {
    const settings = { useDynamicSigningKey: true, enableAntiCsrf: false };
    const user = { tenantId, userId: lane, recipeUserId: lane };
    const data = { accessTokenPayload: {}, sessionDataInDatabase: {} };
    const created = await sessions.createNewSession({ ...settings, ...user, ...data });
    let { token } = created.refreshToken;
    say({ lane, state: 'answered', token });
    for (;;) {
      say({ lane, state: 'begun', token });
      const refreshed = mustBeOk(await sessions.refreshSession({ ...settings, refreshToken: token }));
      token = refreshed.refreshToken.token;
      say({ lane, state: 'answered', token });
    }
  },

  async reset(lane) {
    const email = `${lane}@example.com`;
    const { user } = mustBeOk(await emailPassword.signUp({ tenantId, email, password: 'password 0' }));
    say({ lane, state: 'answered', email, password: 'password 0' });
    const newToken = async () =>
      mustBeOk(await emailPassword.createResetPasswordToken({ tenantId, userId: user.id, email })).token;
    for (let number = 1; ; number++) {
      const reset = { email, token: await newToken(), spareToken: await newToken(), password: `password ${number}` };
      say({ lane, state: 'begun', ...reset });
      const { token, password: newPassword } = reset;
      mustBeOk(await emailPassword.resetPasswordUsingToken({ tenantId, token, newPassword }));
      say({ lane, state: 'answered', ...reset });
    }
  },
};

const numbers = Array.from({ length: Number(lanes) }, (_, number) => number);
await Promise.all(killableTasks.flatMap((task) => numbers.map((number) => works[task](`${task}-${run}-${number}`))));
