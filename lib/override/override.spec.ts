import { Inject, Injectable, Optional } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { injectedProperties } from './injected-properties.js';
import { overrideProvider, serviceProvider, type Override } from './override.js';

class Greeting {
  async greet(): Promise<string> {
    return 'hello';
  }
}
class Polite extends Greeting {}

interface MadeProvider {
  useClass?: new () => Greeting;
  inject?: unknown[];
  useFactory?: (...args: unknown[]) => unknown;
}

const provide = (override: unknown) =>
  overrideProvider(Greeting, Greeting, override as Override<Greeting>, 'option') as MadeProvider;

const adding = (text: string) => (Base: new () => Greeting) =>
  class extends Base {
    override async greet() {
      return `${await super.greet()} ${text}`;
    }
  };

describe('overrideProvider', () => {
  it('gives the base class without an override, under its own token', () => {
    expect(provide(undefined)).toEqual({ provide: Greeting, useClass: Greeting });
  });

  it.each([[Greeting], [Polite]])('takes %p as a class and as useClass', (Class) => {
    expect(provide(Class)).toEqual({ provide: Greeting, useClass: Class });
    expect(provide({ useClass: Class })).toEqual({ provide: Greeting, useClass: Class });
  });

  it('applies mixins first to last', async () => {
    const { useClass } = provide([adding('one'), adding('two')]);

    expect(await new useClass!().greet()).toBe('hello one two');
  });

  it('takes a mixin written as a function declaration, and one that changes nothing', () => {
    function same(Base: new () => Greeting) {
      return Base;
    }
    expect(provide([same]).useClass).toBe(Greeting);
  });

  it('hands an existing provider on, and refuses what is not one', () => {
    const { inject, useFactory } = provide({ useExisting: 'token' });
    const polite = new Polite();

    expect(inject).toEqual(['token']);
    expect(useFactory!(polite)).toBe(polite);
    expect(() => useFactory!({})).toThrow(
      'option gave an object that is not an instance of Greeting. Return an instance of a class that extends Greeting.',
    );
  });

  it('fills the injected properties of the base class in what a factory made, except those it has', async () => {
    @Injectable()
    class Base {
      @Inject('a') readonly a!: string;
      @Inject('b') readonly b!: string;
      @Optional() @Inject('c') readonly c?: string;
    }
    class Made extends Base {
      override readonly b = 'own';
      constructor(readonly dependency: unknown) {
        super();
      }
    }
    const provider = overrideProvider(
      Base,
      Base,
      { inject: ['x'], useFactory: (dependency: unknown) => new Made(dependency) },
      'option',
    ) as MadeProvider;

    expect(provider.inject).toEqual(['x', 'a', 'b']);
    expect(await provider.useFactory!(1, 'A', 'B')).toEqual({ dependency: 1, a: 'A', b: 'own' });
  });

  it.each([
    [() => new Polite(), 'a function that is not a class'],
    [{ useClass: () => new Polite() }, 'a function that is not a class'],
    [{ useClass: class Other {} }, 'Other'],
    [{ useFactory: 'make' }, 'an object with useFactory'],
    [{ useExisting: undefined }, 'an object with useExisting'],
    [{}, 'an object with no keys'],
    [new Polite(), 'an object with no keys'],
    [null, 'null'],
    ['Polite', '"Polite"'],
    [[Polite], 'Polite'],
    [['Polite'], '"Polite"'],
    [[() => class Other {}], 'a function that is not a class'],
  ])('refuses %p', (override, named) => {
    expect(() => provide(override)).toThrow(new RegExp(`^option(\\[0\\])? is ${named}[,.]`));
  });

  it('offers mixins only where they are taken', () => {
    expect(() => provide(7)).toThrow('or { useFactory, inject }), or a list of mixins.');
    expect(() => serviceProvider(Greeting, Greeting, [] as never, 'option')).toThrow(
      'option is a list. Give a class that extends Greeting or a provider ({ useClass }, { useExisting } or { useFactory, inject }).',
    );
  });
});

describe('injectedProperties', () => {
  it('are those of the class and of what it extends, without optional ones', () => {
    class Base {
      @Inject('a') readonly a: unknown;
    }
    class Further extends Base {
      @Inject('b') readonly b: unknown;
      @Optional() @Inject('c') readonly c: unknown;
    }

    expect(injectedProperties(Base).map(({ key }) => key)).toEqual(['a']);
    expect(injectedProperties(Further).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(injectedProperties(Greeting)).toEqual([]);
  });
});
