import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Provider, type Configuration, type JWKS } from 'oidc-provider';
import { Settings } from '../settings/settings.js';
import { IdentityProvider } from './identity-provider.js';
import { loginPage, loginPageHeaders, tooLatePage } from './login-page.js';
import { memoryAdapter } from './memory-adapter.js';

interface Account {
  email: string;
  email_verified: boolean;
}

const MAX_FORM_BYTES = 10_000;
const LIFETIMES = ['AccessToken', 'AuthorizationCode', 'Grant', 'IdToken', 'Interaction', 'Session'];

/** An OpenID provider in this process, so that the sample has one to sign in by. It is no part of an application. */
export class LocalIdentityProvider extends IdentityProvider implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly what = 'It runs beside the sample, stands for Google and its like, and takes your word for who you are';
  private readonly logger = new Logger('LocalIdentityProvider');
  private readonly accounts = new Map<string, Account>();
  /** As the provider knows the sample. */
  private readonly client = { clientId: 'latchkey-sample', clientSecret: randomBytes(24).toString('base64url') };
  private readonly issuer: string;
  private readonly provider: Provider;
  private server?: Server;

  constructor(private readonly settings: Settings) {
    super();
    // Another host than the sample's, as with every real provider.
    this.issuer = `http://127.0.0.1:${settings.identityProviderPort}`;
    this.provider = new Provider(this.issuer, this.configuration());
  }

  get isUp(): boolean {
    return this.server !== undefined;
  }

  get discoveryURL(): string {
    return `${this.issuer}/.well-known/openid-configuration`;
  }

  get entry() {
    return {
      thirdPartyId: 'local',
      name: 'Local ID',
      clients: [{ ...this.client, scope: ['openid', 'email'] }],
      oidcDiscoveryEndpoint: this.issuer,
      // So that somebody else can be chosen each time.
      authorizationEndpointQueryParams: { prompt: 'login' },
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const answer = this.provider.callback();
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/interaction/')) void this.interact(request, response);
      else void answer(request, response);
    });
    try {
      // Anyone who reaches it can be anyone they like: only this machine may.
      server.listen(this.settings.identityProviderPort, '127.0.0.1');
      await once(server, 'listening');
      this.server = server;
    } catch (error) {
      this.logger.warn(
        `"Continue with Local ID" will not work: ${String(error)}. Choose another port: IDENTITY_PROVIDER_PORT=…`,
      );
    }
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private configuration(): Configuration {
    const { url } = this.settings;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return {
      adapter: memoryAdapter(),
      clients: [
        {
          client_id: this.client.clientId,
          client_secret: this.client.clientSecret,
          redirect_uris: [`${url}/auth/callback/local`, `${url}/login/callback/local`],
          token_endpoint_auth_method: 'client_secret_post',
          id_token_signed_response_alg: 'ES256',
        },
      ],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'local', alg: 'ES256', use: 'sig' }] } as JWKS,
      cookies: { keys: [randomBytes(24).toString('hex')] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      ttl: Object.fromEntries(LIFETIMES.map((model) => [model, 600])),
      features: { devInteractions: { enabled: false } },
      findAccount: (_context, sub) => {
        const account = this.accounts.get(sub);
        return account && { accountId: sub, claims: () => ({ sub, ...account }) };
      },
      // There is one application, and signing in to it is consent enough.
      async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ accountId: oidc.session?.accountId, clientId: oidc.client?.clientId });
        grant.addOIDCScope('openid email');
        await grant.save();
        return grant;
      },
      renderError(context) {
        context.type = 'html';
        context.body = tooLatePage(url);
      },
    };
  }

  /** The login page, and what comes from it. */
  private async interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url } = this.settings;
    try {
      await this.provider.interactionDetails(request, response);
      if (request.method !== 'POST') {
        response.writeHead(200, loginPageHeaders(url)).end(loginPage(url));
        return;
      }
      const result = this.logIn(await readForm(request));
      await this.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch {
      if (!response.headersSent) response.writeHead(400, loginPageHeaders(url)).end(tooLatePage(url));
    }
  }

  private logIn(form: URLSearchParams) {
    const email = form.get('email')?.trim().toLowerCase();
    if (form.has('cancel') || !email) return { error: 'access_denied' };
    // The same person after a restart, too.
    const sub = createHash('sha256').update(email).digest('hex').slice(0, 32);
    this.accounts.set(sub, { email, email_verified: form.has('verified') });
    return { login: { accountId: sub } };
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new Error('The form is too large');
  }
  return new URLSearchParams(text);
}
