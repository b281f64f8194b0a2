import { MAX_EMAIL_LENGTH } from '../../../core/email-address.js';
import type { JsonObject } from '../../../core/json.types.js';
import type { UserInfoFields, UserInfoMap } from '../../../core/third-party.core.js';
import type { RawUserInfo, UserInfo } from './provider.types.js';

const OPENID_FIELDS = { userId: 'sub', email: 'email', emailVerified: 'email_verified' };

type MappedUserInfo = Omit<UserInfo, 'rawUserInfoFromProvider'>;

/** @returns who the user is, or why that cannot be said */
export function mapUserInfo(
  { fromIdTokenPayload, fromUserInfoAPI }: RawUserInfo,
  map: UserInfoMap = {},
): MappedUserInfo | { problem: string } {
  const subjects = [fromIdTokenPayload?.sub, fromUserInfoAPI?.sub];
  // OpenID Connect Core §5.3.2: an access token of somebody else was put beside the id token.
  if (subjects.every((subject) => subject !== undefined) && subjects[0] !== subjects[1]) {
    return { problem: 'the id token and the user info are about two users' };
  }
  const found = [
    readFields(fromIdTokenPayload, map.fromIdTokenPayload),
    readFields(fromUserInfoAPI, map.fromUserInfoAPI),
  ];
  const thirdPartyUserId = found.find(({ userId }) => userId !== undefined)?.userId;
  if (thirdPartyUserId === undefined) return { problem: 'there is no usable user id in its answers' };
  const email = found.find(({ email }) => email !== undefined)?.email;
  if (email === undefined) return { thirdPartyUserId };
  const isVerified = found.some((source) => source.email === email && source.isVerified);
  return { thirdPartyUserId, email: { id: email, isVerified } };
}

function readFields(
  answer: JsonObject | undefined,
  fields: UserInfoFields = {},
): { userId?: string; email?: string; isVerified: boolean } {
  const read = (name: keyof UserInfoFields) => at(answer, fields[name] ?? OPENID_FIELDS[name]);
  return {
    userId: toUserId(read('userId')),
    email: toEmail(read('email')),
    isVerified: isTrue(read('emailVerified')),
  };
}

function at(answer: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return isObject ? (value as Record<string, unknown>)[key] : undefined;
  }, answer);
}

/** A number beyond those that JSON carries exactly could be another user's. */
export function toUserId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function toEmail(value: unknown): string | undefined {
  const isEmail = typeof value === 'string' && value.length <= MAX_EMAIL_LENGTH && /^[^\s@]+@[^\s@]+$/.test(value);
  return isEmail ? value : undefined;
}

/** Apple writes it as text. */
function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
