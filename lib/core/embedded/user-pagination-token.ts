import { invalidPaginationToken, paginationTokenOf, positionOf } from '../pagination-token.js';
import type { UserPosition } from './storage/user-list.storage.js';

const POSITION = /^(\d{1,16})\.([\w-]{1,128})$/;

/** @param position of the last user of a page */
export function encodeUserPosition(position: UserPosition): string {
  return paginationTokenOf(`${position.time_joined_ms}.${position.user_id}`);
}

/** @throws {BadInputError} not one of our tokens */
export function decodeUserPosition(token: string): UserPosition {
  const [, time, userId] = POSITION.exec(positionOf(token)) ?? [];
  if (time === undefined || userId === undefined || !Number.isSafeInteger(Number(time))) {
    throw invalidPaginationToken();
  }
  return { time_joined_ms: Number(time), user_id: userId };
}
