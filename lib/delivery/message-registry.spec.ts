import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../core/auth.error.js';
import { MessageRegistry, type RegisteredMessage } from './message-registry.js';

const words = { subject: '', preheader: '', heading: '', intro: '', notAsked: '' };
const email = (kind: string): RegisteredMessage => ({ channel: 'email', kind, texts: { en: words }, link: 'link' });
const sms = (kind: string, text = '{code}'): RegisteredMessage => ({ channel: 'sms', kind, texts: { en: text } });

describe('The messages of all recipes', () => {
  it.each<[RegisteredMessage[], string]>([
    [[email('login'), email('login')], 'Two recipes declare the email login.'],
    [[email('sms:login')], 'a message of the kind "sms:login". Give a name of letters and digits'],
    [[email('__proto__')], 'a message of the kind "__proto__"'],
    [[{ ...email('login'), texts: { de: words } } as RegisteredMessage], 'The email login has no English words.'],
  ])('are refused at boot where they cannot work', (definitions, message) => {
    expect(() => new MessageRegistry(definitions)).toThrow(ConfigurationError);
    expect(() => new MessageRegistry(definitions)).toThrow(message);
  });

  it('may have one name in both channels, and none of another', () => {
    const registry = new MessageRegistry([email('login'), sms('login')]);
    expect([registry.has('email', 'login'), registry.has('sms', 'login')]).toEqual([true, true]);
    expect(registry.has('email', 'constructor')).toBe(false);
    expect(() => registry.email('other')).toThrow('No recipe of this application declares the email other');
  });

  it('have secrets: link, code and what else is declared, as far as a message has them', () => {
    const registry = new MessageRegistry([{ ...email('login'), code: 'code', secrets: ['device', 'absent'] }]);
    const message = { link: 'https://x', code: '123', device: 'd', other: 'o' };
    expect(registry.secretsOf('email', message, 'login')).toEqual(['https://x', '123', 'd']);
    expect(registry.secretsOf('email', message, 'unknown')).toEqual([]);
  });
});
