import { z } from 'zod';
import { attemptActionSchema } from '../attempts/attempt-limits.options.js';
import { anythingSchema, functionSchema } from '../core/check-options.js';
import { corePartSchema } from '../core/parts/core-part.schema.js';

const WORD = 'lower-case letters and digits, such as notes';
const NAME = 'the name it has in the code, such as NotesRecipe';
const PATH = 'a path below apiBasePath without slashes at its ends, such as notes/:noteId';
const FACTORS = 'a list of factors, such as otp-email, or a function that makes it of the options';

const list = <T>(item: z.ZodType<T>, expected: string) => z.array(item, expected).optional();
const text = (expected: string) => z.string(expected).min(1, expected);

/** Made when a recipe from elsewhere is defined: ours are checked by the compiler and a test. */
export function recipeDefinitionSchema() {
  const path = z.string(PATH).regex(/^[^/\s](.*[^/\s])?$/, PATH);
  const route = z.looseObject(
    {
      method: z.enum(['GET', 'POST', 'PUT', 'DELETE'], "'GET', 'POST', 'PUT' or 'DELETE'"),
      paths: z.array(path, 'a list of paths').min(1, 'at least one path'),
      input: functionSchema('a function that reads the input of the API method from the request'),
    },
    'a route: { method, paths, input }',
  );
  const message = z.looseObject(
    {
      definition: z.looseObject(
        {
          channel: z.enum(['email', 'sms'], "'email' or 'sms'"),
          kind: text('a name, such as passwordReset'),
          texts: z.looseObject({}, 'its words by language, { en: … }'),
        },
        '{ channel, kind, texts }',
      ),
      sentBy: z.array(text('the name of an API method'), 'the names of the API methods that send it, [] for none'),
    },
    'a message: { definition, sentBy }',
  );
  const claim = z.looseObject(
    {
      claim: z.looseObject({ key: text('a claim with a key') }, 'a claim, such as a PrimitiveClaim'),
      facts: z.array(text('the name of a fact'), 'a list of the facts that it speaks of, [] for none'),
      source: functionSchema('one of the providers').optional(),
    },
    'a claim: { claim, facts, source }',
  );
  const requirement = z.looseObject(
    {
      option: text('the name of an option of @Session()'),
      validators: functionSchema('a function that returns what a session must meet'),
    },
    'a requirement: { option, validators }',
  );
  const actions = 'rates, each under the name of an action';
  return z.looseObject(
    {
      id: z.string(WORD).regex(/^[a-z][a-z0-9]{0,63}$/, WORD),
      name: z.string(NAME).regex(/^\w+$/, NAME),
      api: functionSchema('the class of its API methods'),
      functions: functionSchema('the class of its functions'),
      routes: z.record(z.string(), route, 'routes, each under the name of its API method'),
      config: anythingSchema(),
      normalise: functionSchema('a function that checks the options and fills in the defaults'),
      needs: list(text('the id of a recipe'), 'a list of ids of recipes'),
      coreParts: list(corePartSchema(), 'a list of parts of the core, each { id, port, embedded }'),
      ports: list(functionSchema('a port of the core'), 'a list of ports of the core'),
      firstFactors: z.union([z.array(text(FACTORS)), functionSchema(FACTORS)], FACTORS).optional(),
      messages: list(message, 'a list of messages, each { definition, sentBy }'),
      providers: list(anythingSchema(), 'a list of Nest providers'),
      attempts: z.record(z.string(), attemptActionSchema, actions).optional(),
      claims: list(claim, 'a list of claims, each with the facts it speaks of'),
      requirements: list(requirement, 'a list of requirements, each { option, validators }'),
      parts: list(z.looseObject({}, '{ recipe, routes }'), 'a list of recipes, each { recipe, routes }'),
    },
    'the definition of a recipe',
  );
}
