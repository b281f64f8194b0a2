import { Inject, Injectable } from '@nestjs/common';
import { AUTH_CONFIG, type AuthConfig } from '../http/auth-config.js';
import { getRequestFromUserContext } from '../http/user-context.js';
import { acceptedLanguages } from './accept-language.js';
import type { RecipeMessage } from './message-kinds.js';
import { MessageRegistry } from './message-registry.js';

/**
 * Sends the recipes' messages over one channel.
 *
 * `send` that throws is called again later, unless it throws an `UndeliverableMessageError`; it may also be called again
 * where the process died before it could note that the message was sent.
 */
@Injectable()
export abstract class MessageDelivery<Message, BaseMessage extends RecipeMessage, GivenUp> {
  @Inject(AUTH_CONFIG) protected readonly authConfig!: AuthConfig;
  /** What the recipes declare of their kinds: words by language, and which fields hold a link or a code. */
  @Inject(MessageRegistry) protected readonly messageRegistry!: MessageRegistry;

  /** Sends one message. @param message of any kind; `message.kind` tells which */
  abstract send(message: Message): Promise<void>;

  /**
   * The language to write to a user in; asked while the request is there.
   * @returns a language tag such as `de`; by default the one that the browser asks for first
   */
  async resolveLocale({ userContext }: Omit<BaseMessage, 'locale'>): Promise<string | undefined> {
    const request = getRequestFromUserContext(userContext);
    return acceptedLanguages(request?.getHeaderValue('accept-language'))[0];
  }

  /** Called once a message is given up: the user waits for it in vain. It is in the log already. */
  async onGivenUp(_message: GivenUp): Promise<void> {}

  /** After the last message, when the application stops. */
  async close(): Promise<void> {}
}
