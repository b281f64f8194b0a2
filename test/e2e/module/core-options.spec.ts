import { describe, expect, it } from '@jest/globals';
import { PasswordHasher, type AuthModuleOptions, type CoreOptions } from 'latchkey';
import { authModule } from '../../support/auth-app.js';
import { testCore } from '../../support/test-core.js';
import { bootMessage } from '../../support/boot-message.js';

const withAuth = (auth: object) => () => authModule({ auth: auth as Partial<AuthModuleOptions> });
const withCore = (core: object) => () => authModule({ auth: { core: { ...testCore, ...core } as CoreOptions } });

describe('A mistake in the options of the core or a service names the option, its value and the fix', () => {
  it.each<[string, () => unknown, string]>([
    // core
    [
      'two databases',
      withCore({ postgres: 'postgres://localhost/auth' }),
      'AuthModule core: options sqlite and postgres are both given. Give one of them.',
    ],
    [
      'the address of a core that is not a URL',
      withAuth({ core: { connectionURI: 'x' } }),
      'AuthModule core: option connectionURI has an address that does not begin with http:// or https://. ' +
        'Give the address of a core, such as http://localhost:3567.',
    ],
    [
      'a hasher for passwords that are hashed elsewhere',
      withAuth({
        core: { connectionURI: 'http://x' },
        passwordHasher: { useFactory: () => Object.create(PasswordHasher.prototype) as PasswordHasher },
      }),
      'AuthModule: passwordHasher is given, but core.connectionURI says that the core, which hashes passwords, is in ' +
        'another process. Remove it, and configure the hashing where the core runs.',
    ],
    [
      'a core without a file',
      withAuth({ core: {} }),
      "AuthModule core: option sqlite is missing. Give a file path such as 'auth.sqlite'.",
    ],
    [
      'no core but text',
      withAuth({ core: 'auth.sqlite' }),
      `AuthModule core: the options are "auth.sqlite". Give { sqlite: 'auth.sqlite' }.`,
    ],
    [
      'null as core',
      withAuth({ core: null }),
      `AuthModule core: the options are null. Give { sqlite: 'auth.sqlite' }.`,
    ],
    [
      'a negative lifetime',
      withCore({ accessTokenLifetimeSeconds: -1 }),
      'AuthModule core: option accessTokenLifetimeSeconds is -1. Give a whole number of seconds from 1 to 31536000.',
    ],
    [
      'half a second',
      withCore({ refreshTokenLifetimeSeconds: 0.5 }),
      'AuthModule core: option refreshTokenLifetimeSeconds is 0.5. Give a whole number of seconds from 1 to 315360000.',
    ],
    [
      'NaN',
      withCore({ accessTokenLifetimeSeconds: Number.NaN }),
      'AuthModule core: option accessTokenLifetimeSeconds is NaN. Give a whole number of seconds from 1 to 31536000.',
    ],
    [
      'too long a grace',
      withCore({ refreshGraceSeconds: 301 }),
      'AuthModule core: option refreshGraceSeconds is 301. Give a whole number of seconds from 0 to 300.',
    ],
    [
      'endless keys',
      withCore({ signingKeyLifetimeHours: Infinity }),
      'AuthModule core: option signingKeyLifetimeHours is Infinity. Give a number of hours',
    ],
    [
      'refresh tokens that end before access tokens',
      withCore({ accessTokenLifetimeSeconds: 100, refreshTokenLifetimeSeconds: 99 }),
      'AuthModule core: option refreshTokenLifetimeSeconds is 99, shorter than accessTokenLifetimeSeconds, which is 100. Give a longer one.',
    ],
    [
      'an unknown option of the core',
      withCore({ accessTokenLifetime: 60 }),
      'AuthModule core: there is no option accessTokenLifetime. Remove it, or correct its name.',
    ],
    [
      'hashing without memory',
      withCore({ passwordHashing: { memoryCostKiB: 0 } }),
      'AuthModule core: option passwordHashing.memoryCostKiB is 0. Give a whole number of kibibytes from 8 to 4194304.',
    ],
    // services
    [
      'an emailDelivery of another class',
      withAuth({ emailDelivery: class Mailer {} }),
      'AuthModule emailDelivery is Mailer, which does not extend EmailDelivery. Write class Mine extends EmailDelivery { … } and override its methods.',
    ],
    [
      'an instance as emailDelivery',
      withAuth({ emailDelivery: { sendPasswordReset() {} } }),
      'AuthModule emailDelivery is an object with sendPasswordReset. Give a class that extends EmailDelivery or a provider ({ useClass }, { useExisting } or { useFactory, inject }).',
    ],
    [
      'a factory of an emailDelivery of another class',
      withAuth({ emailDelivery: { useFactory: () => ({}) } }),
      'AuthModule emailDelivery gave an object that is not an instance of EmailDelivery. Return an instance of a class that extends EmailDelivery.',
    ],
    [
      'a factory of a passwordHasher of another class',
      withAuth({ passwordHasher: { useFactory: () => 'argon2' } }),
      'AuthModule passwordHasher gave argon2 that is not an instance of PasswordHasher.',
    ],
    [
      'imports that are no list',
      withAuth({ imports: {} }),
      'AuthModule.forRoot: option imports is {}. Give a list of modules.',
    ],
  ])('%s', async (_mistake, module, message) => {
    expect(await bootMessage(module)).toContain(message);
  });

  it('a secret in an option that is not expected is not printed', async () => {
    const message = await bootMessage(withCore({ apiKey: 'hunter2' }));

    expect(message).toContain('there is no option apiKey');
    expect(message).not.toContain('hunter2');
  });
});
