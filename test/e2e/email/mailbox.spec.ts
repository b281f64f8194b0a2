import { Module, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthModule, EmailDelivery, EmailPasswordRecipe, EmailVerificationRecipe, SessionRecipe } from 'latchkey';
import { AuthTestClient, formFields, RecordedEmailDelivery } from 'latchkey/testing';
import { appInfo, newEmail, PASSWORD } from '../../support/auth-app.js';
import { testCore } from '../../support/test-core.js';

/** As an application has it: by SMTP, to a server that is not there in tests. */
@Module({
  imports: [
    AuthModule.forRoot({
      appInfo,
      core: testCore,
      emailDelivery: { smtp: { host: 'smtp.example.com', from: 'Acme <no-reply@example.com>' } },
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init(),
        EmailVerificationRecipe.init({ mode: 'OPTIONAL', linkNeedsSession: false }),
      ],
    }),
  ],
})
class AppModule {}

describe("An application's own test", () => {
  const mailbox = new RecordedEmailDelivery();
  let app: INestApplication;
  let client: AuthTestClient;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(EmailDelivery)
      .useValue(mailbox)
      .compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    client = new AuthTestClient({ url: await app.getUrl() });
  });
  afterAll(() => app.close());

  const askForReset = (email: string) => client.auth('user/password/reset/token', formFields({ email }));

  it('receives what was sent, one after the other', async () => {
    const to = newEmail();
    await client.signUp(to, PASSWORD);
    await client.auth('user/email/verify/token', {});
    await askForReset(to);

    const { passwordResetLink } = await mailbox.receive({ to, kind: 'passwordReset' });
    const token = new URL(passwordResetLink).searchParams.get('token');
    const body = { method: 'token', token, ...formFields({ password: 'new battery 2' }) };
    expect(await (await client.auth('user/password/reset', body)).json()).toEqual({ status: 'OK' });
    // The link was used, so that the next one is sent at once.
    await askForReset(to);
    expect((await mailbox.receive({ to, kind: 'passwordReset' })).passwordResetLink).not.toBe(passwordResetLink);
    expect((await mailbox.receive({ to })).kind).toBe('emailVerification');
  });

  it('knows when nothing was sent', async () => {
    const [to, nobody] = [newEmail(), 'nobody@example.com'];
    await client.signUp(to, PASSWORD);
    await askForReset(nobody);
    await askForReset(to);
    await askForReset(to);
    expect(await mailbox.all({ to: nobody })).toEqual([]);
    expect(await mailbox.all({ to, kind: 'passwordReset' })).toHaveLength(1);
  });
});
