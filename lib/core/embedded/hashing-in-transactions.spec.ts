import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { HeldPasswordHasher } from '../../../test/support/held-password-hasher.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { Core } from '../core.js';
import { EmailPasswordCore } from '../email-password.core.js';
import { createEmbeddedCore } from '../parts/embedded-core.js';

const tenantId = 'public';
const password = 'correct horse 1';

let core: Core;
let hasher: HeldPasswordHasher;
beforeEach(async () => {
  hasher = new HeldPasswordHasher();
  core = await createEmbeddedCore({ sqlite: ':memory:', concurrentPasswordHashes: 1 }, { passwordHasher: hasher });
});
afterEach(() => core.close());

it('a transaction that holds the only connection waits in line for those who will need it, and all end', async () => {
  const passwords = core.port(EmailPasswordCore);
  const signUp = (email: string) => passwords.signUp({ tenantId, email, password });
  let holdsConnection = false;
  let hasOthers!: () => void;
  const others = new Promise<void>((resolve) => {
    hasOthers = resolve;
  });
  const transaction = core.transaction(async () => {
    const first = await signUp('first@example.com');
    holdsConnection = true;
    await others;
    return [first, await signUp('second@example.com')];
  });
  await waitUntil(async () => holdsConnection);

  hasher.hold();
  const waiting = [signUp('third@example.com'), signUp('fourth@example.com')];
  await waitUntil(async () => hasher.working === 1);
  hasOthers();
  hasher.release();
  const results = [...(await transaction), ...(await Promise.all(waiting))];
  expect(results.map(({ status }) => status)).toEqual(['OK', 'OK', 'OK', 'OK']);
  expect(hasher.mostAtOnce).toBe(1);
});
