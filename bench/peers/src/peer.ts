import type { INestApplication, ModuleMetadata } from '@nestjs/common';

export type Framework = 'Express' | 'Fastify';

/** Headers of a request that the guard lets through, by how they carry the session. */
export type Credentials = Partial<Record<'header' | 'cookie', Record<string, string>>>;

/** One way to guard a route, set up as its documentation says. */
export interface Peer {
  imports?: ModuleMetadata['imports'];
  /** Decorates the guarded method. */
  guard: MethodDecorator;
  /** What the application does before it listens. */
  prepare?(app: INestApplication): unknown;
  /** Signs somebody up. */
  signUp?(app: INestApplication): Promise<Credentials>;
}
