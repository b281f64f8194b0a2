import type { ThirdPartyProviderOptions } from 'latchkey';

/** The provider of OpenID Connect whose users are let in, and what pages tell of it. */
export abstract class IdentityProvider {
  /** An entry for `ThirdPartyRecipe.init({ providers })`; undefined where there is no provider. */
  abstract readonly entry: (ThirdPartyProviderOptions & { name: string }) | undefined;
  /** What it is, in a sentence without its full stop. */
  abstract readonly what: string;
  /** What clients ask first. */
  abstract readonly discoveryURL: string | undefined;
  /** Undefined where nobody here knows. */
  abstract readonly isUp: boolean | undefined;
}
