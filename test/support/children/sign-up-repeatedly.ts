import { writeSync } from 'node:fs';
import { Argon2PasswordHasher } from '../../../lib/core/embedded/argon2-password-hasher.js';
import { createEmbeddedCore } from '../../../lib/core/parts/embedded-core.js';
import { EmailPasswordCore } from '../../../lib/core/email-password.core.js';

/** Opens a database, signs up so many users and says the email of each one that was answered OK. */
const [sqlite = '', prefix = '', count = '0'] = process.argv.slice(2);

const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 8, timeCost: 1, parallelism: 1 });
const core = await createEmbeddedCore({ sqlite }, { passwordHasher });
const emailPassword = core.port(EmailPasswordCore);
writeSync(1, 'ready\n');
for (let number = 0; number < Number(count); number++) {
  const email = `${prefix}${number}@example.com`;
  const { status } = await emailPassword.signUp({ tenantId: 'public', email, password: 'secret' });
  if (status === 'OK') writeSync(1, `${email}\n`);
}
await core.close();
