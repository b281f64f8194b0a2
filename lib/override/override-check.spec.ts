import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { DISABLED, isDisabled } from './disabled.js';
import { checkOverride, methodsOf } from './override-check.js';

class Api {
  async signUpPOST() {}
  async signInPOST() {}
  async verify() {}
}

const check = (instance: unknown) =>
  checkOverride(instance, { base: Api, option: 'option', canDisable: new Set(['signUpPOST', 'signInPOST']) });

describe('checkOverride', () => {
  it.each<[string, object]>([
    ['the base itself', new Api()],
    [
      'an override',
      new (class extends Api {
        override async signInPOST() {}
      })(),
    ],
    [
      'a disabled API',
      new (class extends Api {
        override signUpPOST = DISABLED;
      })(),
    ],
    [
      'an arrow property instead of a method',
      new (class extends Api {
        override signInPOST = async () => {};
      })(),
    ],
    [
      'helpers and fields of other names',
      new (class extends Api {
        readonly invited = new Set();
        undefinedYet: string | undefined;
        signature() {}
        get verified() {
          return true;
        }
      })(),
    ],
    [
      'a short name that is near by chance',
      new (class extends Api {
        sign() {}
      })(),
    ],
  ])('accepts %s', (_what, instance) => {
    expect(() => check(instance)).not.toThrow();
  });

  it.each<[string, object, string]>([
    [
      'another case',
      new (class Mine extends Api {
        signUpPost() {}
      })(),
      'Mine.signUpPost overrides nothing: Api has no such method. Did you mean signUpPOST?',
    ],
    [
      'a letter too many',
      new (class Mine extends Api {
        signUppPOST() {}
      })(),
      'Did you mean signUpPOST?',
    ],
    [
      'a letter too few',
      new (class Mine extends Api {
        sgnInPOST() {}
      })(),
      'Did you mean signInPOST?',
    ],
    [
      'another letter',
      new (class Mine extends Api {
        verifi() {}
      })(),
      'Did you mean verify?',
    ],
    [
      'a property that is disabled by another name',
      new (class Mine extends Api {
        signupPOST = DISABLED;
      })(),
      'Did you mean signUpPOST?',
    ],
    [
      'an arrow property by another name',
      new (class Mine extends Api {
        SignUpPOST = async () => {};
      })(),
      'Did you mean signUpPOST?',
    ],
    [
      'an API that is not of this recipe',
      new (class Mine extends Api {
        createCodePOST() {}
      })(),
      'Mine.createCodePOST overrides nothing: Api has no such method. It has signUpPOST, signInPOST, verify.',
    ],
    [
      'what may not be disabled',
      new (class Mine extends Api {
        override verify = DISABLED;
      })(),
      'Mine.verify is DISABLED, but everything else relies on it.',
    ],
    [
      'a value instead of a method',
      new (class Mine extends Api {
        override verify = 7 as never;
      })(),
      'Mine.verify is number, not a method. Write override async verify(input) { … }.',
    ],
  ])('refuses %s', (_what, instance, message) => {
    expect(() => check(instance)).toThrow(`option: `);
    expect(() => check(instance)).toThrow(message);
  });

  it.each([[undefined], [null], ['text'], [{}], [{ signUpPOST() {} }], [Api]])(
    'refuses %p, which is no instance',
    (candidate) => {
      expect(() => check(candidate)).toThrow(/^option gave .* not an instance of Api\. Return an instance/);
    },
  );
});

describe('methodsOf', () => {
  it('lists methods with those inherited, overridden ones once, and neither accessors nor the constructor', () => {
    class Further extends Api {
      override async verify() {}
      more() {}
      get size() {
        return 1;
      }
    }

    expect(methodsOf(Further.prototype).sort()).toEqual(['more', 'signInPOST', 'signUpPOST', 'verify']);
  });
});

describe('isDisabled', () => {
  it('asks for undefined: a disabled method is still "in" the object', () => {
    class NoSignUp extends Api {
      override signUpPOST = DISABLED;
    }
    const api = new NoSignUp();

    expect('signUpPOST' in api).toBe(true);
    expect(isDisabled(api, 'signUpPOST')).toBe(true);
    expect(isDisabled(api, 'signInPOST')).toBe(false);
  });
});
