import { type Expression, type ExpressionWrapper, expressionBuilder, isExpression } from 'kysely';
import type { Tables } from './tables.js';

/*
 * What is stored about a user is stored under our own id, whatever id another system has for it. An id that comes
 * in is turned around by `storedUserId`, one that goes out by `shownUserId`: each is part of a statement that is
 * made anyway, and costs it one look-up by an index.
 */

const tables = expressionBuilder<Tables, never>();

/** Our own id of the user or login method that `id` names; `id` itself where no mapping has it. */
export function storedUserId(id: string): ExpressionWrapper<Tables, never, string> {
  return tables.fn.coalesce(mappedFrom(id), tables.val(id)) as ExpressionWrapper<Tables, never, string>;
}

/** The id that a user or login method goes by outside. */
export function shownUserId(id: Expression<string> | string): ExpressionWrapper<Tables, never, string> {
  const internalId = isExpression(id) ? id : tables.val(id);
  return tables.fn.coalesce(mappedTo(internalId), internalId) as ExpressionWrapper<Tables, never, string>;
}

/** Both ids of the user that `id` names, for what is stored under the one that was shown at its time. */
export function everyUserId(id: string): Expression<string>[] {
  return [tables.val(id), mappedFrom(id), mappedTo(tables.val(id))] as Expression<string>[];
}

/** As `everyUserId`, and those of the user where `id` is that of one of its login methods. */
export function everyOwnerId(id: string): Expression<string>[] {
  const owner = tables
    .selectFrom('latchkey_login_methods as method')
    .select('method.user_id')
    .where('method.recipe_user_id', '=', storedUserId(id));
  return [...everyUserId(id), owner, mappedTo(owner as unknown as Expression<string>)] as Expression<string>[];
}

function mappedFrom(externalUserId: string) {
  return tables
    .selectFrom('latchkey_user_id_mappings as mapping')
    .select('mapping.user_id')
    .where('mapping.external_user_id', '=', externalUserId);
}

function mappedTo(userId: Expression<string>) {
  return tables
    .selectFrom('latchkey_user_id_mappings as mapping')
    .select('mapping.external_user_id')
    .where('mapping.user_id', '=', userId);
}
