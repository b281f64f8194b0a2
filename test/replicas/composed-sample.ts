import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type RunningSample, startSample } from '../browser/running-sample.js';
import { childScript } from '../support/child-script.js';
import { composeFile, type ComposeService, dockerfile } from '../support/compose-file.js';
import { CONFIDENTIAL_CLIENT, TestOidcProvider } from '../support/oidc-provider.js';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import { testServerUrl } from '../support/postgres-server-url.js';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.js';

const run = promisify(execFile);

export const PUBLIC_URL = 'https://sample.example';
export const CALLBACK = `${PUBLIC_URL}/auth/callback/openid`;

/** The processes of compose.yaml with its variables: only hosts and ports are those of this machine. */
export class ComposedSample {
  readonly replicas: RunningSample[] = [];
  /** Of PostgreSQL itself, not of the pooler. */
  databaseURL = '';
  private readonly closing: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly smtp: TestSmtpServer,
    readonly provider: TestOidcProvider,
  ) {}

  static async start(): Promise<ComposedSample> {
    const provider = await TestOidcProvider.start({ redirectURIs: [CALLBACK] });
    const sample = new ComposedSample(await startSmtpServer(), provider);
    sample.closing.push(
      () => provider.close(),
      () => sample.smtp.stop(),
    );
    try {
      await sample.startServices();
    } catch (error) {
      await sample.stop();
      throw error;
    }
    return sample;
  }

  /** As compose.yaml ends: in the reverse order. */
  async stop(): Promise<void> {
    for (const close of this.closing.toReversed()) await close();
  }

  private get services(): Record<string, ComposeService> {
    return composeFile({
      POSTGRES_PASSWORD: 'password',
      PUBLIC_URL,
      OIDC_ISSUER: this.provider.issuer,
      OIDC_CLIENT_ID: CONFIDENTIAL_CLIENT.clientId,
      OIDC_CLIENT_SECRET: CONFIDENTIAL_CLIENT.clientSecret,
      OIDC_NAME: 'Acme ID',
    }).services;
  }

  private async startServices(): Promise<void> {
    const { app, migrate, pgbouncer } = this.services;
    const database = await this.makeDatabase();
    this.databaseURL = database;
    const pooler = await this.startPooler(database, pgbouncer!);
    const hosts = {
      'sample:password@postgres:5432/sample': database.replace('postgres://', ''),
      'sample:password@pgbouncer:5432/sample': (pooler?.url ?? database).replace('postgres://', ''),
      'mail:1025': `127.0.0.1:${this.smtp.port}`,
    };
    const [, ...args] = migrate!.command!.slice(1);
    // Replicas that check their tables would not start without.
    await run(process.execPath, [childScript('latchkey-cli'), ...args], {
      env: { ...process.env, ...here(migrate!, hosts) },
    });

    const [[, environmentOfImage] = []] = dockerfile().filter(([instruction]) => instruction === 'ENV');
    const [name = '', value = ''] = environmentOfImage!.split('=');
    const { PORT: _, ...environment } = { [name]: value, ...here(app!, hosts) };
    const starting = Array.from({ length: app!.deploy!.replicas }, () => startSample(environment));
    for (const each of await Promise.allSettled(starting)) {
      if (each.status === 'rejected') continue;
      this.replicas.push(each.value);
      this.closing.push(() => each.value.stop('SIGTERM'));
    }
    await Promise.all(starting);
  }

  private async makeDatabase(): Promise<string> {
    const name = `sample_${randomBytes(6).toString('hex')}`;
    const url = new URL(testServerUrl());
    await query(`create database ${name}`);
    this.closing.push(() => query(`drop database ${name} with (force)`));
    url.pathname = `/${name}`;
    return url.href;
  }

  private async startPooler(database: string, { environment = {} }: ComposeService): Promise<PgBouncer | undefined> {
    if (!hasPgBouncer) {
      console.warn('pgbouncer is not installed: the replicas ask PostgreSQL itself.');
      return undefined;
    }
    const changes = {
      pool_mode: environment.POOL_MODE!,
      max_client_conn: environment.MAX_CLIENT_CONN!,
      server_login_retry: environment.SERVER_LOGIN_RETRY!,
    };
    const pooler = await startPgBouncer(database, Number(environment.DEFAULT_POOL_SIZE), changes);
    this.closing.push(() => pooler.stop());
    return pooler;
  }
}

async function query(text: string): Promise<void> {
  const client = new Client(testServerUrl());
  await client.connect();
  await client.query(text).finally(() => client.end());
}

function here({ environment = {} }: ComposeService, hosts: Record<string, string>): Record<string, string> {
  const replaced = Object.entries(environment).map(([name, value]) => {
    const host = Object.keys(hosts).find((each) => value.includes(each));
    return [name, host === undefined ? value : value.replace(host, hosts[host]!)];
  });
  return Object.fromEntries(replaced) as Record<string, string>;
}
