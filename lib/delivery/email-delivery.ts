import type { UserContext } from '../http/user-context.js';

export interface PasswordResetEmail {
  user: { id: string; recipeUserId: string; email: string };
  /** Works once. Whoever has it can take the account over: never log it in production. */
  passwordResetLink: string;
  tenantId: string;
  userContext: UserContext;
}

/**
 * Sends the recipes' emails, one method for each kind. An application gives its own by
 * `AuthModule.forRoot({ emailDelivery: { useClass: … } })`.
 */
export abstract class EmailDelivery {
  abstract sendPasswordReset(email: PasswordResetEmail): Promise<void>;
}
