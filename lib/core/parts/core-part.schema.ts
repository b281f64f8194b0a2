import { z } from 'zod';
import { functionSchema } from '../check-options.js';

/** Made when a recipe from elsewhere is there: ours are checked by the compiler. */
export function corePartSchema() {
  const id = 'the id of the recipe';
  const number = z.number('a number');
  const variable = 'the name of an environment variable, such as NOTES_LIFETIME_SECONDS';
  const option = z.looseObject(
    {
      default: number,
      min: number,
      max: number,
      unit: z.string('its unit, such as seconds').min(1, 'its unit, such as seconds'),
      environment: z.string(variable).regex(/^[A-Za-z_]\w*$/, variable),
      coreConfig: z
        .looseObject({
          key: z.string('a name, such as note_lifetime'),
          of: z.enum(['app', 'tenant'], "'app' or 'tenant'"),
        })
        .optional(),
    },
    'an option: { default, min, max, unit, environment, doc }',
  );
  const migration = z.looseObject({ up: functionSchema('a function that makes the change') }, 'a migration: { up }');
  return z.looseObject(
    {
      id: z.string(id).min(1, id),
      port: functionSchema('an abstract class'),
      embedded: functionSchema('a function that returns an instance of port'),
      remote: functionSchema('a function that returns an instance of port').optional(),
      options: z.record(z.string(), option, 'options, each under its name').optional(),
      migrations: z.record(z.string(), migration, 'migrations, each under its name').optional(),
      loginMethod: z
        .looseObject({ takenStatus: z.string('what is answered where the account key is taken') }, '{ takenStatus }')
        .optional(),
    },
    'a part of the core: { id, port, embedded }',
  );
}
