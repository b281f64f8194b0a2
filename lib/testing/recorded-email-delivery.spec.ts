import { describe, expect, it } from '@jest/globals';
import type { PasswordResetEmail } from '../recipes/email-password/index.js';
import { RecordedEmailDelivery } from './recorded-email-delivery.js';

function emailTo(email: string, link = 'https://example.com/1'): PasswordResetEmail {
  return { user: { id: 'u', recipeUserId: 'u', email }, passwordResetLink: link, tenantId: 'public', userContext: {} };
}

describe('RecordedEmailDelivery', () => {
  it('keeps every email in the order of sending', async () => {
    const delivery = new RecordedEmailDelivery();
    const [first, second] = [emailTo('a@example.com'), emailTo('b@example.com')];
    await delivery.sendPasswordReset(first);
    await delivery.sendPasswordReset(second);
    await delivery.send({ kind: 'emailVerification', ...emailTo('c@example.com'), emailVerifyLink: 'https://x' });
    expect(delivery.passwordResets).toEqual([first, second]);
    expect(delivery.sent.map(({ kind, user }) => [kind, user.email])).toEqual([
      ['passwordReset', 'a@example.com'],
      ['passwordReset', 'b@example.com'],
      ['emailVerification', 'c@example.com'],
    ]);
  });

  it('gives the newest email to an address at once', async () => {
    const delivery = new RecordedEmailDelivery();
    await delivery.sendPasswordReset(emailTo('a@example.com', 'https://example.com/1'));
    await delivery.sendPasswordReset(emailTo('a@example.com', 'https://example.com/2'));
    await delivery.sendPasswordReset(emailTo('b@example.com', 'https://example.com/3'));
    expect((await delivery.nextPasswordReset('a@example.com')).passwordResetLink).toBe('https://example.com/2');
  });

  it('waits for an email that is on its way, past those to others', async () => {
    const delivery = new RecordedEmailDelivery();
    const waiting = [delivery.nextPasswordReset('a@example.com'), delivery.nextPasswordReset('a@example.com')];
    await delivery.sendPasswordReset(emailTo('b@example.com'));
    const email = emailTo('a@example.com');
    await delivery.sendPasswordReset(email);
    expect(await Promise.all(waiting)).toMatchObject([email, email]);
  });

  it('gives up with the address in the message', async () => {
    const delivery = new RecordedEmailDelivery();
    await delivery.sendPasswordReset(emailTo('b@example.com'));
    await expect(delivery.nextPasswordReset('a@example.com', 20)).rejects.toThrow(
      'No email passwordReset to a@example.com within 20 ms. Sent were: passwordReset to b@example.com.',
    );
    await expect(new RecordedEmailDelivery().receive({ to: 'a@example.com' }, 20)).rejects.toThrow(
      'No email to a@example.com within 20 ms. Nothing was sent.',
    );
  });

  it('receives each email once, the oldest first, and waits for those that are on their way', async () => {
    const delivery = new RecordedEmailDelivery();
    const [first, second] = [emailTo('a@example.com', 'https://x/1'), emailTo('a@example.com', 'https://x/2')];
    await delivery.sendPasswordReset(first);
    await delivery.sendPasswordReset(emailTo('b@example.com'));
    const receiving = [delivery.receive({ to: 'A@example.com ' }), delivery.receive({ to: 'a@example.com' })];
    await delivery.sendPasswordReset(second);
    expect(await Promise.all(receiving)).toMatchObject([first, second]);
    await expect(delivery.receive({ to: 'a@example.com' }, 20)).rejects.toThrow('resendIntervalSeconds: 0');
  });

  it('receives an email of one kind where it is asked for that', async () => {
    const delivery = new RecordedEmailDelivery();
    await delivery.sendPasswordReset(emailTo('a@example.com'));
    await delivery.sendEmailVerification({ ...emailTo('a@example.com'), emailVerifyLink: 'https://x' });
    const { emailVerifyLink } = await delivery.receive({ to: 'a@example.com', kind: 'emailVerification' });
    expect(emailVerifyLink).toBe('https://x');
    expect((await delivery.receive({ to: 'a@example.com' })).kind).toBe('passwordReset');
  });
});
