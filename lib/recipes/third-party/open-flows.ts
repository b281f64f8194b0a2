import { Inject, Injectable } from '@nestjs/common';
import { Core } from '../../core/core.js';
import { OpenFlowsCore } from '../../core/open-flows.core.js';
import { PublicPaths } from '../../http/public-paths.js';
import type { Provider } from './providers/provider.js';

/** As long as a code may live (RFC 6749 §4.1.2), and as the cookie of a flow does. */
const FLOW_MS = 600_000;
/** One write in that time is enough, however many browsers are sent away. */
const REWRITE_MS = 300_000;

/**
 * Whether browsers are on their way to a provider and back to the website, with nothing but a cookie that ties the code to them:
 * no PKCE. As long as some are, a code for that address may be one of theirs, no matter who brings it.
 */
@Injectable()
export class OpenFlows {
  @Inject(Core) private readonly core!: Core;
  @Inject(PublicPaths) private readonly paths!: PublicPaths;
  /** Until when this process has noted them; over a core that cannot keep them, all that is known. */
  private readonly notedUntilMs = new Map<string, number>();

  /** Where Apple posts the code, which applications on phones use without asking for an address first. */
  isCallbackOfApi(redirectURI: string): boolean {
    return redirectURI.replace(/[?#].*$/s, '') === `${this.paths.issuer}/callback/apple`;
  }

  async note(provider: Provider, redirectURI: string): Promise<void> {
    const flow = keyOf(provider, redirectURI);
    if ((this.notedUntilMs.get(flow) ?? 0) >= Date.now() + FLOW_MS) return;
    const untilMs = Date.now() + FLOW_MS + REWRITE_MS;
    if (this.core.offers(OpenFlowsCore)) await this.core.port(OpenFlowsCore).open({ flow, untilMs });
    // Clients and websites are those of the configuration: few. Tenants may have more.
    if (this.notedUntilMs.size > 10_000) this.notedUntilMs.clear();
    this.notedUntilMs.set(flow, untilMs);
  }

  async areAny(provider: Provider, redirectURI: string): Promise<boolean> {
    const flow = keyOf(provider, redirectURI);
    if ((this.notedUntilMs.get(flow) ?? 0) > Date.now()) return true;
    return this.core.offers(OpenFlowsCore) && this.core.port(OpenFlowsCore).isOpen(flow);
  }
}

/** A provider gives a code to one client and one address; of the address only its origin, since some let paths below it through. */
function keyOf({ id, config }: Provider, redirectURI: string): string {
  return JSON.stringify([config.clientId ?? id, new URL(redirectURI).origin]);
}
