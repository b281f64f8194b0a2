import { BadInputError } from '../auth.error.js';
import type { UserPosition } from './storage/user-list.storage.js';

const POSITION = /^(\d{1,16})\.([\w-]{1,128})$/;

/** The last user of a page; opaque, so that what is in it can change. */
export function encodeUserPosition(position: UserPosition): string {
  return Buffer.from(`${position.time_joined_ms}.${position.user_id}`).toString('base64url');
}

/** @throws {BadInputError} not one of our tokens */
export function decodeUserPosition(token: string): UserPosition {
  const [, time, userId] = POSITION.exec(readBase64Url(token)) ?? [];
  if (time === undefined || userId === undefined || !Number.isSafeInteger(Number(time))) {
    throw new BadInputError('invalid pagination token');
  }
  return { time_joined_ms: Number(time), user_id: userId };
}

function readBase64Url(token: unknown): string {
  if (typeof token !== 'string' || token.length > 256 || !/^[\w-]+$/.test(token)) return '';
  return Buffer.from(token, 'base64url').toString();
}
