import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PackedLibrary } from '../support/packed-library.js';
import { compiled } from '../runner/compiled.cjs';

const APPLICATION = resolve('test/versions/transports-application.ts');
const PACKAGES = ['common', 'core', 'platform-express', 'platform-socket.io', 'websockets', 'microservices'];
/** Those that NestJS 11 goes with. */
const NEST_11 = [...PACKAGES.map((name) => `@nestjs/${name}@11`), '@nestjs/graphql@13', '@nestjs/apollo@13'];
const BESIDE = [
  '@apollo/server@5',
  '@as-integrations/express5',
  'graphql@16',
  'graphql-ws@6',
  'ws',
  'socket.io-client',
];

describe('the published package on NestJS 11', () => {
  let library: PackedLibrary;

  beforeAll(() => {
    library = new PackedLibrary();
  });
  afterAll(() => library?.remove());

  it('guards resolvers, subscriptions, gateways and messages, and ends what is open when the session ends', async () => {
    const folder = await library.installBeside('transports', [...NEST_11, ...BESIDE], {});
    writeFileSync(join(folder, 'application.js'), compiled(APPLICATION, readFileSync(APPLICATION, 'utf8')).code);

    const run = promisify(execFile)(process.execPath, ['application.js'], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    });
    expect(JSON.parse((await run).stdout)).toEqual({
      query: ['the user', 'UNAUTHENTICATED'],
      subscription: 'the user',
      socket: 'the user',
      'socket without a session': 'UNAUTHENTICATED',
      message: ['the user', 'UNAUTHENTICATED'],
      'after the revocation': ['UNAUTHORISED', 4401],
    });
  });
});
