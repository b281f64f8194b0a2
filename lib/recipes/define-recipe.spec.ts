import { describe, expect, it } from '@jest/globals';
import * as latchkey from '../index.js';
import { PrimitiveClaim } from '../index.js';
import { assertDefinition, type DefinedRecipe, defineRecipe } from './define-recipe.js';
import { withLoginMethods } from './login-methods/index.js';
import type { RecipeDefinition } from './recipe.js';
import { checkRecipeList, checkSoleNames } from './recipe-list-check.js';

class PingApi {
  async pingPOST(_input: object) {
    return { status: 'OK' };
  }
}
class PingFunctions {}

const route = { method: 'POST', paths: ['ping'], input: () => ({}) };
const ping = { channel: 'email', kind: 'ping', texts: { en: {} } };
const colour = { claim: new PrimitiveClaim({ key: 'colour', fetchValue: () => 'red' }), facts: [] };
const definition = {
  id: 'ping',
  name: 'PingRecipe',
  api: PingApi,
  functions: PingFunctions,
  routes: { pingPOST: route },
  config: Symbol('ping.config'),
  normalise: (options: object) => options,
};

const define = (changes: object) =>
  defineRecipe({ ...definition, ...changes } as unknown as RecipeDefinition<PingApi, PingFunctions, object, object>);

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('defineRecipe', () => {
  it('gives init and initAsync, whose mistakes name the recipe', () => {
    const recipe = define({});

    expect(messageOf(() => checkRecipeList([recipe.init()]))).toBe('nothing was thrown');
    expect(messageOf(() => recipe.init('wrong' as never))).toMatch(/^PingRecipe\.init: the options are "wrong"/);
    expect(messageOf(() => recipe.initAsync({} as never))).toMatch(
      /^PingRecipe\.initAsync: option useFactory is missing/,
    );
  });

  it.each<[string, object, RegExp]>([
    ['an id with a capital', { id: 'Ping' }, /^defineRecipe PingRecipe: option id is "Ping"\. Give lower-case letters/],
    ['no API class', { api: undefined }, /option api is missing\. Give the class of its API methods/],
    [
      'an unknown verb',
      { routes: { pingPOST: { ...route, method: 'PATCH' } } },
      /option routes\.pingPOST\.method is "PATCH"/,
    ],
    [
      'a path with a slash in front',
      { routes: { pingPOST: { ...route, paths: ['/ping'] } } },
      /option routes\.pingPOST\.paths\[0\] is "\/ping"/,
    ],
    [
      'a route without a method of that name',
      { routes: { pongPOST: route } },
      /routes\.pongPOST has no API method\. Add async pongPOST\(input\) to PingApi/,
    ],
    [
      'a part without a port',
      { coreParts: [{ id: 'ping', embedded: () => ({}) }] },
      /option coreParts\[0\]\.port is missing\. Give an abstract class/,
    ],
    ['a factor by itself', { firstFactors: 'ping' }, /option firstFactors is "ping"\. Give a list of factors/],
    [
      'a message without its senders',
      { messages: [{ definition: ping }] },
      /option messages\[0\]\.sentBy is missing\. Give the names of the API methods that send it/,
    ],
    [
      'a message sent by a method that is not there',
      { messages: [{ definition: ping, sentBy: ['pongPOST'] }] },
      /: PingApi has no method pongPOST, by which ping is sent\. Correct its name in sentBy/,
    ],
    ['nothing for a claim', { claims: [undefined] }, /option claims\[0\] is missing\. Give a claim: \{ claim, facts/],
    [
      "a claim of the core's",
      { claims: [{ claim: new PrimitiveClaim({ key: 'sub', fetchValue: () => '' }), facts: [] }] },
      /: the core writes the claim sub itself\. Give yours another key/,
    ],
    [
      'a source that is no provider',
      { claims: [{ ...colour, source: PingFunctions }] },
      /: PingFunctions, the source of the claim colour, is not in providers\. Add it/,
    ],
  ])('refuses %s', (_, changes, message) => {
    expect(messageOf(() => define(changes))).toMatch(message);
  });

  it('is not in one list with a recipe of its id, and not without the one it needs', () => {
    const other = define({ name: 'PongRecipe' });

    expect(messageOf(() => checkRecipeList([define({}).init(), other.init()]))).toBe(
      'AuthModule: recipeList has PingRecipe and PongRecipe, which both have the id ping. Give one of them another id, or remove it.',
    );
    expect(messageOf(() => checkRecipeList([define({}).init(), define({}).init()]))).toBe(
      'AuthModule: recipeList has PingRecipe twice. Give it once.',
    );
    expect(messageOf(() => checkRecipeList([define({ needs: ['pong'] }).init()]))).toBe(
      'AuthModule: recipeList has PingRecipe, which needs the recipe pong. Add its init() to recipeList.',
    );
  });

  const pongApi = class PongApi extends PingApi {};
  const requirement = { option: 'colour', validators: () => [] };

  it.each<[string, object, object, string]>([
    ['route', {}, { routes: { pingPOST: route } }, 'the route POST /ping. Give it another path in one of them.'],
    [
      'route, of which one is for tenants',
      { routes: { pingPOST: { ...route, perTenant: true } } },
      { routes: { pingPOST: { ...route, paths: [':x/ping'] } } },
      'the route POST /:x/ping. Give it another path in one of them.',
    ],
    ['API class', {}, { api: PingApi }, 'the API class PingApi. Give one of them a class of its own.'],
    ['functions', {}, { functions: PingFunctions }, 'the functions class PingFunctions. Give one of them a class'],
    ['config', {}, { config: definition.config }, 'the config Symbol(ping.config). Give one of them another token.'],
    ['claim', { claims: [colour] }, { claims: [colour] }, 'the claim colour. Give it another key in one of them.'],
    [
      'requirement',
      { requirements: [requirement] },
      { requirements: [requirement] },
      'the option colour of @Session(). Give it another name in one of them.',
    ],
  ])('is not in one list with a recipe of the same %s', (_, changes, others, message) => {
    const pong = {
      id: 'pong',
      name: 'PongRecipe',
      api: pongApi,
      functions: class {},
      config: Symbol('pong'),
      routes: {},
    };
    const list = [define(changes).init(), define({ ...pong, ...others }).init()];

    expect(messageOf(() => checkSoleNames(list))).toContain(
      `AuthModule: PingRecipe and PongRecipe both have ${message}`,
    );
  });
});

type AnyRecipe = DefinedRecipe<object, object, object>;

describe('A recipe of this package', () => {
  const recipes = Object.entries(latchkey as Record<string, unknown>)
    .filter((entry): entry is [string, AnyRecipe] => typeof (entry[1] as AnyRecipe | undefined)?.init === 'function')
    .map(([name, recipe]) => [name, recipe.init()] as const);
  const [, loginMethods] = withLoginMethods([latchkey.EmailPasswordRecipe.init()]).recipes;

  // A start does not check them.
  it.each([...recipes, ['LoginMethodsRecipe', loginMethods!] as const])('has a good definition: %s', (name, recipe) => {
    expect(recipe.definition.name).toBe(name);
    assertDefinition(recipe.definition);
  });
});
