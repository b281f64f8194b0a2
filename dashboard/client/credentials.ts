/** By what this browser is signed in; `application` is the session of the application itself, whose cookies it has. */
export type Credentials =
  | { kind: 'api-key'; token: string }
  | { kind: 'dashboard-session'; token: string; email: string }
  | { kind: 'application' };

const NAME = 'latchkey-dashboard';

/**
 * Credentials that outlive a reload. A session is shared by tabs, as links are opened in new ones; an API key, which does not
 * expire, is forgotten with its tab.
 */
export class StoredCredentials {
  /** Two dashboards of one origin do not share them. */
  private readonly name: string;

  constructor(appPath: string) {
    this.name = `${NAME}:${appPath}`;
  }

  read(): Credentials | undefined {
    for (const storage of [sessionStorage, localStorage]) {
      const text = storage.getItem(this.name);
      if (text !== null) return parsed(text);
    }
    return undefined;
  }

  write(credentials: Credentials): void {
    this.forget();
    if (credentials.kind === 'application') return;
    const storage = credentials.kind === 'api-key' ? sessionStorage : localStorage;
    storage.setItem(this.name, JSON.stringify(credentials));
  }

  forget(): void {
    sessionStorage.removeItem(this.name);
    localStorage.removeItem(this.name);
  }
}

function parsed(text: string): Credentials | undefined {
  try {
    return JSON.parse(text) as Credentials;
  } catch {
    return undefined;
  }
}
