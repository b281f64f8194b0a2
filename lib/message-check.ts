import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ConfigurationError } from './core/auth.error.js';
import { EmailDelivery, methodOfKind, sendsKind } from './delivery/email-delivery.js';
import type { EmailDeliveryOption } from './delivery/email-delivery.providers.js';
import type { EmailKind } from './delivery/message-kinds.js';
import { MessageQueue } from './delivery/message-queue.js';
import type { SmsDeliveryOption } from './delivery/sms-delivery.providers.js';
import { type Channel, CHANNELS, isOnThisMachine, notSent } from './delivery/unconfigured-delivery.js';
import { AUTH_CONFIG, type AuthConfig } from './http/auth-config.js';
import { isDisabled } from './override/disabled.js';
import type { PartialRecipe } from './recipes/recipe-parts.js';
import type { DeclaredMessage, Recipe } from './recipes/recipe.js';

export interface MessageCheckOptions {
  /** Those of the list and their parts. */
  recipes: (Recipe | PartialRecipe)[];
  email: EmailDeliveryOption | undefined;
  sms: SmsDeliveryOption | undefined;
}

export const MESSAGE_CHECK = Symbol('latchkey.message-check');

interface Sender {
  recipeName: string;
  kind: string;
  /** The API methods that send it. */
  methods: readonly string[];
}

/** Finds, before the first request, messages that would reach nobody, or a log that others read. */
@Injectable()
export class MessageCheck implements OnModuleInit {
  private readonly logger = new Logger('Latchkey');

  constructor(
    @Inject(MESSAGE_CHECK) private readonly options: MessageCheckOptions,
    @Inject(AUTH_CONFIG) private readonly config: AuthConfig,
    @Inject(MessageQueue) private readonly queue: MessageQueue,
    @Inject(EmailDelivery) private readonly emailDelivery: EmailDelivery,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
  ) {}

  /** @throws {ConfigurationError} */
  onModuleInit(): void {
    for (const channel of ['email', 'sms'] as const) {
      const senders = this.sendersOf(channel);
      const option = this.options[channel];
      if (option === 'log') this.checkLogOption(channel);
      else if (option === undefined) this.checkMissingOption(channel, senders);
      else if (channel === 'email') this.checkKinds(senders);
    }
  }

  /** Who sends messages that go through the delivery. */
  private sendersOf(channel: Channel): Sender[] {
    return this.options.recipes.flatMap((recipe) => {
      const { definition, api, methodOf } = decidedBy(recipe);
      const instance = this.moduleRef.get<object>(api, { strict: false });
      return messagesOf(recipe)
        .filter((message) => message.definition.channel === channel)
        .filter((message) => this.queue.needsDelivery(message.definition))
        .map(({ definition: { kind }, sentBy }) => ({
          recipeName: definition.name,
          kind,
          methods: sentBy.map(methodOf),
        }))
        .filter(({ methods }) => methods.length === 0 || methods.some((method) => !isDisabled(instance, method)));
    });
  }

  private checkLogOption(channel: Channel): void {
    const { option, fix } = CHANNELS[channel];
    const { apiDomain } = this.config.appInfo;
    if (!apiDomain.startsWith('https:')) return;
    throw new ConfigurationError(
      `AuthModule: ${option} is 'log', but appInfo.apiDomain is ${apiDomain}: where people sign in by https, others read the ` +
        `log. Give AuthModule.forRoot(${fix}.`,
    );
  }

  private checkMissingOption(channel: Channel, [sender]: Sender[]): void {
    if (sender === undefined) return;
    const { option, messages } = CHANNELS[channel];
    const { apiDomain } = this.config.appInfo;
    if (isOnThisMachine(apiDomain)) {
      this.logger.warn(
        `No ${option} is given: links and codes that would be sent are written to this log, as appInfo.apiDomain is on ` +
          'this machine.',
      );
      return;
    }
    const { recipeName, methods } = sender;
    const disable = methods.length === 0 ? '' : ` Or disable ${methods.join(' and ')}.`;
    const message = `AuthModule: ${recipeName} sends ${messages}. ${notSent(channel, apiDomain)}${disable}`;
    if (process.env.NODE_ENV === 'production') throw new ConfigurationError(message);
    this.logger.warn(`${message} With NODE_ENV=production the application does not start like this.`);
  }

  private checkKinds(senders: Sender[]): void {
    const sender = senders.find(({ kind }) => !sendsKind(this.emailDelivery, kind as EmailKind));
    if (sender === undefined) return;
    const { name } = this.emailDelivery.constructor;
    throw new ConfigurationError(
      `AuthModule emailDelivery: ${sender.recipeName} sends emails of the kind ${sender.kind}, which ${name} does not send. ` +
        `Add the method send(email), or ${methodOfKind(sender.kind)}(email), to ${name}.`,
    );
  }
}

/** Whose API methods decide whether a route exists: those of the recipe, or of the whole that it is a part of. */
function decidedBy(recipe: Recipe | PartialRecipe) {
  const definition = 'partOf' in recipe ? recipe.partOf.definition : recipe.definition;
  const methodOf = (method: string) => ('partOf' in recipe ? (recipe.partOf.routes[method] ?? method) : method);
  return { definition, api: definition.api, methodOf };
}

function messagesOf({ definition }: Recipe): readonly DeclaredMessage<Record<string, unknown>, unknown>[] {
  return (definition.messages ?? []) as readonly DeclaredMessage<Record<string, unknown>, unknown>[];
}
