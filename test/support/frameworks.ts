import type { INestApplication } from '@nestjs/common';
import type { NestApplicationOptions } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { remoteCoresReady } from './remote-core.js';

export const bothFrameworks = ['Express', 'Fastify'] as const;
export type Framework = (typeof bothFrameworks)[number];

/**
 * For scenarios in which they can differ: whatever reads requests and writes answers. That is so on the first database;
 * the projects that repeat a scenario on another one, or over a core service, do so on one framework.
 */
export const frameworks: readonly Framework[] =
  globalThis.LATCHKEY_TEST_DATABASE === undefined ? bothFrameworks : ['Fastify'];

/** For scenarios that are the same on both: some of them run on one framework, the others on the other. */
export const onExpress: readonly Framework[] = ['Express'];
export const onFastify: readonly Framework[] = ['Fastify'];

export interface RunningApp {
  app: INestApplication;
  url: string;
}

export interface StartOptions extends NestApplicationOptions {
  /** What a `main.ts` does between creating the application and listening. */
  configure?: (app: INestApplication) => void | Promise<void>;
  /** @default a free one */
  port?: number;
  /** As the framework's own setting. */
  trustProxy?: string;
}

let express: Promise<typeof import('@nestjs/platform-express')> | undefined;
let fastify: Promise<typeof import('@nestjs/platform-fastify')> | undefined;

/** Loads one framework only: each takes a tenth of the start of a process that a test starts. */
async function adapterOf(framework: Framework, trustProxy: string | undefined): Promise<AbstractHttpAdapter> {
  if (framework === 'Fastify') {
    const { FastifyAdapter } = await (fastify ??= import('@nestjs/platform-fastify'));
    return new FastifyAdapter({ trustProxy }) as never;
  }
  const { ExpressAdapter } = await (express ??= import('@nestjs/platform-express'));
  const adapter = new ExpressAdapter();
  if (trustProxy !== undefined) adapter.set('trust proxy', trustProxy);
  return adapter;
}

/** Starts an application on a free port of the loopback address. */
export async function startApp(framework: Framework, module: unknown, options: StartOptions = {}): Promise<RunningApp> {
  const { configure, port = 0, trustProxy, ...nestOptions } = options;
  await remoteCoresReady();
  const app = await NestFactory.create<INestApplication>(module as never, await adapterOf(framework, trustProxy), {
    logger: process.env.LATCHKEY_TEST_LOG ? undefined : false,
    abortOnError: false,
    ...nestOptions,
  });
  try {
    await configure?.(app);
    await app.listen(port, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  return { app: app as NestFastifyApplication, url: (await app.getUrl()).replace('[::1]', '127.0.0.1') };
}
