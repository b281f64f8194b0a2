import {
  type AuthError,
  BadInputError,
  ConfigurationError,
  FactorNotAllowedError,
  OverloadedError,
  StorageUnavailableError,
  UnknownTenantError,
} from '../auth.error.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import type { CoreAnswer } from './core-exchange.js';

const MAX_SHOWN = 200;

/** The core has no such route: it is an older one, or somebody else's, or the address is wrong. */
export class UnknownRouteError extends ConfigurationError {}

/** What an answer other than 200 means to the caller. */
export function refusalOf(answer: CoreAnswer, at: string, tenantId: string | undefined): AuthError {
  const { status } = answer;
  const text = oneLine(answer.text);
  const detail = `${at} answered ${status}: ${text}`;

  if (status === 400 && isUnknownAppOrTenant(answer)) {
    if (tenantId !== undefined && tenantId.toLowerCase() !== PUBLIC_TENANT_ID) return new UnknownTenantError(tenantId);
    return new ConfigurationError(
      'core.connectionURI names an app that the core does not have. Create it, or correct it',
      {
        detail,
      },
    );
  }
  // Its words are for people; a page of something in between is not.
  if (status === 400 && isPlain(text)) return new BadInputError(text, { detail: at });
  if (status === 401) {
    return new ConfigurationError('core.apiKey is missing, or is not one of the keys of the core', { detail });
  }
  const factorId = status === 403 ? forbiddenFactor(text) : undefined;
  if (factorId !== undefined) return new FactorNotAllowedError(factorId);
  if (status === 402 || status === 403) return new ConfigurationError('The core does not allow this', { detail });
  if (status === 404 || status === 405) {
    return new UnknownRouteError(
      'core.connectionURI leads to no core, or to one without this route. Correct it, update the core, or give the core ' +
        'service the part and the controller of the recipe',
      { detail },
    );
  }
  if (status >= 300 && status < 400) {
    return new ConfigurationError('core.connectionURI leads to a redirect. Give the address that it leads to', {
      detail: `${at} answered ${status} to ${answer.headers.get('location') ?? 'nowhere'}`,
    });
  }
  const overloaded = new OverloadedError({ detail });
  // In the words of our own core: nothing was begun. Others leave open how far they came.
  return status === 503 && text === overloaded.publicMessage ? overloaded : new StorageUnavailableError({ detail });
}

function isUnknownAppOrTenant({ text }: CoreAnswer): boolean {
  return text.startsWith('AppId or tenantId not found');
}

/** As our own core words it, and as others do. */
function forbiddenFactor(text: string): string | undefined {
  const [, factorId] = /^The login method ([\w-]{1,100}) is not enabled for the tenant$/.exec(text) ?? [];
  if (factorId !== undefined) return factorId;
  const [, name] = /^(Email ?password|Third ?party|Passwordless) .*not enabled for tenant/i.exec(text) ?? [];
  return name?.replace(' ', '').toLowerCase();
}

export function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}

function isPlain(text: string): boolean {
  return text !== '' && !text.includes('<');
}
