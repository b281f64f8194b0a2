import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, EmailPasswordRecipe, EmailQueue, parseEmailAddress, SessionRecipe } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { PASSWORD } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { outboxRows } from '../../support/outbox-rows.js';
import { askForReset, RESET_OK, resetPassword, tokenOf } from '../../support/password-resets.js';
import { startSmtpApp, type SmtpApp } from '../../support/smtp-app.js';
import { linkOf } from '../../support/smtp-server.js';

const INVALID = { status: 'FIELD_ERROR', formFields: [{ id: 'email', error: 'Email is invalid' }] };

describe.each(onExpress)('Email addresses on %s', (framework) => {
  let app: SmtpApp;

  describe('without a validator of the application', () => {
    beforeAll(async () => {
      app = await startSmtpApp(framework);
    });
    afterAll(() => app.close());

    it.each(['a..b@example.com', '.ada@example.com', 'ada.@example.com'])(
      'that no email reaches make no account, and the user is told: %s',
      async (email) => {
        const client = app.client();
        expect(await (await client.signUp(email, PASSWORD)).json()).toEqual(INVALID);
        expect(await (await askForReset(client, email)).json()).toEqual(INVALID);
      },
    );

    it('that version 0.1.0 stored still sign in', async () => {
      const stored = { email: 'a..b@example.com', password: PASSWORD };
      await app.app.get(EmailPasswordFunctions, { strict: false }).signUp(stored);
      expect(await (await app.client().signIn('A..b@example.com', PASSWORD)).json()).toMatchObject({
        status: 'OK',
        user: { emails: ['a..b@example.com'] },
      });
    });
  });

  describe('with a validator that takes all that can be sent to', () => {
    beforeAll(async () => {
      const validate = (value: string) => (parseEmailAddress(value) ? undefined : 'no address');
      const recipeList = [
        SessionRecipe.init(),
        EmailPasswordRecipe.init({ signUpFeature: { formFields: [{ id: 'email', validate }] } }),
      ];
      app = await startSmtpApp(framework, { auth: { recipeList } });
    });
    afterAll(() => app.close());

    it.each([
      ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
      ['Ann@STRASSE.example', 'ann@strasse.example'],
      ['jörg@example.com', 'jörg@example.com'],
      ["o'neil+tag@example.com", "o'neil+tag@example.com"],
    ])('get a link that works: %s', async (email, recipient) => {
      const client = app.client();
      expect(await (await client.signUp(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
      expect(await (await askForReset(client, email)).json()).toEqual(RESET_OK);
      // This server shows the domain of the envelope as people write it, the header shows what was sent.
      const received = await app.server.next(email.toLowerCase());
      expect(received.to).toMatchObject([{ address: recipient }]);
      const reset = await resetPassword(client, tokenOf(linkOf(received)), 'new battery 2');
      expect(await reset.json()).toEqual(RESET_OK);
    });

    it('that look like another one are refused, as nobody could send to them', async () => {
      const body = formFields({ email: '\uff41nn@example.com', password: PASSWORD });
      expect(await (await app.client().auth('signup', body)).json()).toMatchObject({ status: 'FIELD_ERROR' });
    });

    it('that a validator takes though no server can be asked for them are given up at once, with the reason', async () => {
      await app.app.get(EmailQueue).send(
        'passwordReset',
        {
          user: { id: 'u', recipeUserId: 'u', email: '"ann smith"@example.com' },
          tenantId: 'public',
          passwordResetLink: 'https://www.example.com',
        },
        {},
      );
      await app.queue.idle();
      expect(await outboxRows(app)).toEqual([]);
    });
  });
});
