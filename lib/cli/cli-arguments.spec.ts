import { describe, expect, it } from '@jest/globals';
import { readArguments, UsageError } from './cli-arguments.js';

describe('the command line', () => {
  it.each([
    [['migrate', 'up', '--database', 'sqlite:a.sqlite'], { sqlite: 'a.sqlite' }],
    [['--database=postgres://u:p@h/d', 'migrate', 'up'], { postgres: 'postgres://u:p@h/d' }],
    [
      ['migrate', 'up', '--database', 'postgresql://h', '--schema', 'acme'],
      { postgres: 'postgresql://h', schema: 'acme' },
    ],
    [['migrate', 'up'], { sqlite: 'from-the-environment' }],
  ])('understands %j', (args, database) => {
    const environment = { LATCHKEY_DATABASE: 'sqlite:from-the-environment' };
    expect(readArguments(args, environment)).toEqual({ action: 'up', database });
  });

  it.each([
    [['core'], {}, { action: 'core' }],
    [['core'], { LATCHKEY_CONFIG: 'a.json' }, { action: 'core', configFile: 'a.json' }],
    [['core', '--config', 'b.json'], { LATCHKEY_CONFIG: 'a.json' }, { action: 'core', configFile: 'b.json' }],
  ])('understands %j with %j', (args, environment, command) => {
    expect(readArguments(args, environment)).toEqual(command);
  });

  it.each([
    [['import'], {}],
    [['import', '-', '--ignore', 'roles,totp'], { ignored: ['roles', 'totp'] }],
    [
      ['import', 'users.jsonl', '--dry-run', '--report', 'r.txt'],
      { file: 'users.jsonl', dryRun: true, report: 'r.txt' },
    ],
  ])('understands %j', (args, command) => {
    const expected = { action: 'import', database: { sqlite: 'a' }, ignored: [], dryRun: false, ...command };
    expect(readArguments(args, { LATCHKEY_DATABASE: 'sqlite:a' })).toEqual(expected);
  });

  it.each([
    [['dashboard', 'list'], { task: 'list' }],
    [['dashboard', 'add-user', 'a@example.com'], { task: 'add-user', email: 'a@example.com' }],
    [['dashboard', 'remove', 'a@example.com'], { task: 'remove', email: 'a@example.com' }],
  ])('understands %j', (args, command) => {
    const expected = { action: 'dashboard', database: { sqlite: 'a' }, ...command };
    expect(readArguments(args, { LATCHKEY_DATABASE: 'sqlite:a' })).toEqual(expected);
  });

  it.each([
    [['dashboard'], /^dashboard needs one of add-user, list, remove$/],
    [['dashboard', 'add'], /^There is no command "dashboard add"$/],
    [['dashboard', 'list', 'now'], /^There is something after "dashboard list" that is no option$/],
    [['dashboard', 'remove'], /^dashboard remove needs an email$/],
    [['dashboard', 'add-user', 'a@example.com', 'secret'], /^dashboard add-user takes an email and nothing else\. The/],
    [['dashboard', 'add-user', 'a@example.com'], /^No database is given/],
    [['import', 'a', 'b', '--database', 'sqlite:x'], /^import takes one file/],
    [
      ['import', '--database', 'sqlite:x', '--ignore', 'roles,phones'],
      /^--ignore cannot leave out "phones", only roles, totp$/,
    ],
    [['import', '--database', 'sqlite:x', '--report='], /^--report names no file$/],
    [['import', '--recipes', 'x.js'], /^--recipes belongs to the command migrate$/],
    [['core', '--dry-run'], /^--dry-run belongs to the command import$/],
    [['import'], /^No database is given/],
    [['core', '--recipes', 'x.js'], /^--recipes belongs to the command migrate$/],
    [['migrate', 'up', '--recipes='], /^--recipes names no file$/],
    [['core', 'now'], /^There is something after "core" that is no option$/],
    [['core', '--database', 'sqlite:x'], /^core takes its database from LATCHKEY_DATABASE/],
    [['migrate', 'up', '--config', 'x'], /^--config belongs to the command core$/],
    [[], /^No command is given$/],
    [['install'], /^There is no command "install"$/],
    [['migrate'], /^migrate needs one of status, up, sql$/],
    [['migrate', 'down'], /^There is no command "migrate down"$/],
    [['migrate', 'up'], /^No database is given\. Add --database, or set LATCHKEY_DATABASE$/],
    [['migrate', 'up', 'now', '--database', 'sqlite:x'], /^There is something after "migrate up"/],
    [['migrate', 'up', '--databse', 'sqlite:x'], /^Unknown option '--databse'/],
    [['migrate', 'up', '--database', 'sqlite:'], /^The database is sqlite: without a file/],
    [['migrate', 'up', '--database', 'sqlite:x', '--schema', 'y'], /^SQLite has no schemas\. Remove --schema/],
    [['migrate', 'up', '--database', 'mysql://root:secret@x/y'], /^The database is not a connection string/],
    [['migrate', 'up', '--database', 'postgres://u:se#cret@x:y/z'], /^The database .*cannot be read as a URL/],
    [['migrate', 'up', '--database', 'postgres://u:secret@x/y', '--schema', 'a"b'], /^The schema "a\\"b" is not made/],
  ])('does not understand %j', (args, message) => {
    let error: unknown;
    try {
      readArguments(args, {});
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(message);
    expect((error as UsageError).message).not.toMatch(/secret|se#cret/);
  });
});
