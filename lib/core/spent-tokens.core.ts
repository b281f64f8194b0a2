/** Tokens of others that are good once here, such as a provider's ID token that a client brings. */
export abstract class SpentTokensCore {
  /**
   * Of several calls at once with one token, in whatever process, one gets true.
   * @param input.token in any form that is the same whenever the token is; only its hash is kept
   * @param input.expiresAtMs from when on the token is refused anyway: milliseconds since the Unix epoch
   * @returns false where it was spent before
   */
  abstract spend(input: { token: string; expiresAtMs: number }): Promise<boolean>;
}
