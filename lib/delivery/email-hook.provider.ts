import type { InjectionToken, Provider } from '@nestjs/common';
import type { EmailKind, EmailsByKind } from './email-delivery.js';
import { EmailQueue } from './email-queue.js';

type Sender<Kind extends EmailKind> = (email: EmailsByKind[Kind]) => void | Promise<void>;

/** Lets a recipe's own option send its kind of email in the place of `EmailDelivery`; made before any of them is sent. */
export function emailHookProvider<Kind extends EmailKind, Config>(
  kind: Kind,
  config: InjectionToken<Config>,
  senderOf: (config: Config) => Sender<Kind> | undefined,
): Provider {
  return {
    provide: Symbol(`latchkey.${kind}-hook`),
    inject: [EmailQueue, config],
    useFactory: (queue: EmailQueue, given: Config) => {
      const sender = senderOf(given);
      if (sender !== undefined) queue.replaceSender(kind, async (email) => sender(email));
    },
  };
}
