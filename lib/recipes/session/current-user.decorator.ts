import { createParamDecorator, type ExecutionContext, Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { CallSite } from '../../core/call-site.js';
import type { User } from '../../core/users.core.js';
import { httpExchangeOf } from '../../http/http-exchange.js';
import { Users } from '../../users/users.js';
import type { SessionContainer } from './session-container.js';
import { readSessionParameter } from './session-parameter.js';
import { guardByParameter } from './session.decorator.js';
import { UnauthorisedError } from './session.error.js';
import type { SessionDecoratorOptions } from './session.functions.types.js';

/** Users that are loaded for one request, by id. */
type LoadedUsers = Map<string, Promise<User | undefined>>;

interface SessionToLoadBy {
  session: SessionContainer | undefined;
  loaded: LoadedUsers;
}

const loadedFor = new WeakMap<object, LoadedUsers>();

/** Loads the user of a session, once for each request. */
@Injectable()
class CurrentUserPipe implements PipeTransform<SessionToLoadBy, Promise<User | undefined>> {
  @Inject(Users) private readonly users!: Users;

  /** @throws {UnauthorisedError} there is a session, and no such user: deleted since, or kept elsewhere */
  async transform({ session, loaded }: SessionToLoadBy): Promise<User | undefined> {
    if (session === undefined) return undefined;
    const userId = session.getUserId();
    const loading = loaded.get(userId) ?? this.users.getUser(userId);
    loaded.set(userId, loading);
    const user = await loading;
    if (user === undefined)
      throw new UnauthorisedError('The user of the session does not exist', { clearTokens: false });
    return user;
  }
}

const CurrentUserParameter = createParamDecorator((_: unknown, context: ExecutionContext): SessionToLoadBy => ({
  session: readSessionParameter({}, context),
  loaded: loadedUsersOf(context),
}));

/**
 * On a parameter: requests need a session, and the parameter is the `User` whose session it is, loaded once for each request, however
 * many handlers or resolvers ask for it. `undefined` only where there is no session and none is required.
 * @param options as for `@Session()`
 */
export function CurrentUser(options?: SessionDecoratorOptions): ParameterDecorator {
  const calledAt = options === undefined ? undefined : new CallSite(CurrentUser);
  return (target, key, index) => {
    guardByParameter('@CurrentUser()', options, target, key, calledAt);
    CurrentUserParameter(undefined, CurrentUserPipe)(target, key!, index);
  };
}

/** Of a call that has no end that we know of, such as a subscription or the message of a socket, nothing is remembered. */
function loadedUsersOf(context: ExecutionContext): LoadedUsers {
  const owner = requestOf(context);
  if (owner === undefined) return new Map();
  const loaded: LoadedUsers = loadedFor.get(owner) ?? new Map();
  loadedFor.set(owner, loaded);
  return loaded;
}

function requestOf(context: ExecutionContext): object | undefined {
  if (context.getType<string>() === 'http') return httpExchangeOf(context)?.request as object | undefined;
  if (context.getType<string>() !== 'graphql') return undefined;
  const [, , ofOperation, info] =
    context.getArgs<[unknown, unknown, unknown, { operation?: { operation?: string } }]>();
  const isOverWithItsAnswer = info?.operation?.operation !== 'subscription';
  return isOverWithItsAnswer && typeof ofOperation === 'object' && ofOperation !== null ? ofOperation : undefined;
}
