import { afterAll, describe, expect, it } from '@jest/globals';
import { bootError } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { postgresSchema } from '../../support/postgres-schema.js';
import { startRolesApp } from '../../support/roles-app.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const { url, schema, drop } = postgresSchema();

describe.each(onExpress)('roles that an application lists, on %s', (framework) => {
  afterAll(() => drop());

  it.each(['SQLite', 'PostgreSQL'])(
    'are made by replicas that boot at once, and keep what was added: %s',
    async (name) => {
      const folder = await temporaryFolder();
      const core =
        name === 'SQLite'
          ? { sqlite: folder.path('auth.sqlite') }
          : { postgres: { connectionString: url, max: 3 }, schema };
      const boot = (userRoles: object) => startRolesApp(framework, { core, userRoles });
      // Migrations have a lock of their own.
      await (await boot({})).app.close();

      const permissions = { read: 'Read', write: 'Write', print: 'Print' };
      const roles = { reader: ['read'], writer: ['write', 'read'], nobody: [] };
      const replicas = await Promise.all([1, 2].map(() => boot({ permissions, roles })));
      const functions = replicas[0]!.roles;
      const permitted = async (role: string) => {
        const result = await functions.getPermissionsForRole({ role });
        return result.status === 'OK' ? result.permissions : result.status;
      };
      expect((await functions.getAllRoles()).roles).toEqual(['nobody', 'reader', 'writer']);
      expect([await permitted('reader'), await permitted('writer')]).toEqual([['read'], ['read', 'write']]);

      // By an administrator.
      await functions.createNewRoleOrAddPermissions({ role: 'reader', permissions: ['print', 'special'] });
      await functions.createNewRoleOrAddPermissions({ role: 'guest', permissions: [] });
      const later = await boot({ permissions, roles: { reader: ['read', 'write'] } });
      expect(await permitted('reader')).toEqual(['print', 'read', 'special', 'write']);
      expect(await permitted('writer')).toEqual(['read', 'write']);
      expect((await functions.getAllRoles()).roles).toEqual(['guest', 'nobody', 'reader', 'writer']);
      await Promise.all([...replicas, later].map(({ app }) => app.close()));
      await folder.remove();
    },
  );

  it.each([
    [{ roles: { reader: ['raed'] }, permissions: { read: 'Read' } }, 'option roles.reader has "raed"'],
    [{ roles: { '': [] } }, 'option roles has "". Give names of 1 to 255 characters'],
    [{ roles: { ' reader': [] } }, 'option roles has " reader"'],
    [{ permissions: { ['x'.repeat(256)]: 'Read' } }, 'option permissions has "xxx'],
    [{ roles: { reader: 'read' } }, 'option roles.reader is "read". Give a list of permissions'],
    [{ permissions: ['read'] }, 'option permissions is'],
    [{ permissions: { read: 5 } }, 'what the permission allows'],
    [{ maxClaimBytes: -1 }, 'option maxClaimBytes is -1'],
    [{ skipAddingRoles: true }, 'there is no option skipAddingRoles'],
  ])('are refused at boot: %j', async (userRoles, message) => {
    const error = await bootError(() => startRolesApp(framework, { userRoles: userRoles as never }));
    expect(error.message).toContain('UserRolesRecipe.init');
    expect(error.message).toContain(message);
  });
});
