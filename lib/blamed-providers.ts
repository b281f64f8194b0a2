import type { Provider } from '@nestjs/common';
import type { CallSite } from './core/call-site.js';

/** Providers whose factories check what was given at that line. */
export function blamedProviders(calledAt: CallSite, makeProviders: () => Provider[]): Provider[] {
  return calledAt.blame(makeProviders).map((provider) => {
    if (typeof provider === 'function' || !('useFactory' in provider)) return provider;
    const { useFactory } = provider;
    return {
      ...provider,
      useFactory: (...dependencies: unknown[]): unknown =>
        calledAt.blame(() => useFactory(...(dependencies as never[])) as unknown),
    };
  });
}
