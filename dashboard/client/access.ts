import type { Credentials, StoredCredentials } from './credentials.js';
import type { DashboardClient } from './dashboard-client.js';
import { RequestError } from './request.error.js';

/** As whom the server knows this browser. */
export interface Access {
  /** Such as an email address; undefined where the server does not say. */
  name: string | undefined;
  mayWrite: boolean;
  kind: Credentials['kind'];
}

interface KeyValidation {
  actor?: { type?: string; email?: string; userId?: string };
  mayWrite?: boolean;
}

/** Signs in and out: what is stored in the browser, and what the client sends. */
export class AccessControl {
  constructor(
    readonly client: DashboardClient,
    private readonly stored: StoredCredentials,
  ) {}

  /** @returns the access by stored credentials or by the application's session; undefined where there is none */
  async resume(): Promise<Access | undefined> {
    return (await this.accessBy(this.stored.read())) ?? (await this.accessBy({ kind: 'application' }));
  }

  /** @throws {RequestError} with what is wrong */
  async signIn(email: string, password: string): Promise<Access> {
    this.client.credentials = undefined;
    const body = { email, password };
    const { sessionId } = await this.client.ask<{ sessionId: string }>('/signin', {
      method: 'POST',
      body,
      isProbe: true,
    });
    return this.keep({ kind: 'dashboard-session', token: sessionId, email });
  }

  /** @throws {RequestError} with what is wrong */
  async useKey(key: string): Promise<Access> {
    return this.keep({ kind: 'api-key', token: key });
  }

  /** The credentials are forgotten, whatever the server says. */
  async signOut(): Promise<void> {
    const isOurs = this.client.credentials?.kind === 'dashboard-session';
    if (isOurs) await this.client.request('/signout', { method: 'POST', isProbe: true }).catch(() => {});
    this.forget();
  }

  forget(): void {
    this.stored.forget();
    this.client.credentials = undefined;
  }

  private async keep(credentials: Credentials): Promise<Access> {
    const access = await this.accessBy(credentials);
    if (access === undefined) throw new RequestError('This key is not accepted.', 401);
    this.stored.write(credentials);
    return access;
  }

  private async accessBy(credentials: Credentials | undefined): Promise<Access | undefined> {
    if (credentials === undefined) return undefined;
    this.client.credentials = credentials;
    try {
      const { actor, mayWrite } = await this.client.ask<KeyValidation>('/key/validate', {
        method: 'POST',
        isProbe: true,
      });
      const email = 'email' in credentials ? credentials.email : undefined;
      const name = actor?.email ?? email ?? (credentials.kind === 'api-key' ? 'API key' : actor?.userId);
      return { name, mayWrite: mayWrite ?? true, kind: credentials.kind };
    } catch (error) {
      this.client.credentials = undefined;
      if (error instanceof RequestError && error.httpStatus === 401) return undefined;
      throw error;
    }
  }
}
