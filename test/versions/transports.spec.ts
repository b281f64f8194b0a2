import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.js';
import { PackedLibrary } from '../support/packed-library.js';
import { compiled } from '../runner/compiled.cjs';

const APPLICATION = resolve('test/versions/transports-application.ts');
const PROTO = resolve('test/fixtures/grpc/people.proto');
const PLATFORMS = ['express', 'fastify', 'socket.io', 'ws'].map((name) => `platform-${name}`);
const PACKAGES = ['common', 'core', 'websockets', 'microservices', ...PLATFORMS].map((name) => `${name}@11`);
/** Those that NestJS 11 goes with. */
const NEST_11 = [...PACKAGES, ...['graphql', 'apollo', 'mercurius'].map((name) => `${name}@13`)];
const BESIDE = [
  '@apollo/server@5',
  '@as-integrations/express5',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  'graphql@16',
  'graphql-ws@6',
  'mercurius@16',
  'ws',
  'socket.io-client',
];
/** What those without a session are told on a socket, and by an error of a message. */
const STACKS = [
  { with_: 'Apollo, socket.io and TCP', framework: 'Express', socket: 'UNAUTHENTICATED', error: 'UNAUTHENTICATED' },
  { with_: 'Mercurius, ws and gRPC', framework: 'Fastify', socket: 4401, error: 16 },
] as const;

describe('the published package on NestJS 11', () => {
  let library: PackedLibrary;
  let folder: string;

  beforeAll(async () => {
    library = new PackedLibrary();
    const packages = [...NEST_11.map((name) => `@nestjs/${name}`), ...BESIDE];
    folder = await library.installBeside('transports', packages, {});
    writeFileSync(join(folder, 'application.js'), compiled(APPLICATION, readFileSync(APPLICATION, 'utf8')).code);
  });
  afterAll(() => library?.remove());

  it.each(STACKS)(
    'guards resolvers, subscriptions, gateways and messages, and ends what is open with the session: $with_',
    async ({ framework, socket, error }) => {
      const ports = [`${await freePort()}`, `${await freePort()}`];
      const run = promisify(execFile)(process.execPath, ['application.js', framework, ...ports, PROTO], {
        cwd: folder,
        env: { PATH: process.env.PATH },
      });
      expect(JSON.parse((await run).stdout)).toEqual({
        query: ['the user', 'UNAUTHENTICATED'],
        subscription: 'the user',
        socket: 'the user',
        'socket without a session': socket,
        message: ['the user', error],
        'after the revocation': ['UNAUTHORISED', 4401],
      });
    },
  );
});
