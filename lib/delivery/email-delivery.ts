import { Injectable } from '@nestjs/common';
import { MessageDelivery } from './message-delivery.js';
import type { EmailKind, EmailMessage, GivenUpEmail, RecipeEmail } from './message-kinds.js';

type SenderOfOneKind = (email: object) => Promise<void>;

/**
 * Sends the recipes' emails. An application gives its own by `AuthModule.forRoot({ emailDelivery: { useClass: … } })`.
 *
 * Override `send`, which gets every kind, or a method for each kind, named after it: `sendPasswordReset`,
 * `sendEmailVerification`. An email of a kind that a subclass has no method for goes to `send`.
 */
@Injectable()
export abstract class EmailDelivery extends MessageDelivery<EmailMessage, RecipeEmail, GivenUpEmail> {
  /**
   * Hands the email to the method of its kind.
   * @throws {Error} this class has no method for it
   */
  override async send(email: EmailMessage): Promise<void> {
    const { kind, ...content } = email;
    const sender = senderOfKind(this, kind);
    if (sender === undefined) throw new Error(`${this.constructor.name} does not send emails of the kind ${kind}`);
    await sender.call(this, content);
  }
}

/** Whether a delivery can do something with emails of a kind. */
export function sendsKind(delivery: EmailDelivery, kind: EmailKind): boolean {
  return delivery.send !== EmailDelivery.prototype.send || senderOfKind(delivery, kind) !== undefined;
}

/** The method for one kind, such as `sendPasswordReset`, where a class has one. */
export function senderOfKind(delivery: EmailDelivery, kind: EmailKind): SenderOfOneKind | undefined {
  const method: unknown = Reflect.get(delivery, methodOfKind(kind));
  return typeof method === 'function' ? (method as SenderOfOneKind) : undefined;
}

export function methodOfKind(kind: string): string {
  return `send${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}
