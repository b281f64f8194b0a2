import { createHash } from 'node:crypto';
import type { AttemptBucket } from './attempts.core.js';

/** What is kept of a bucket: it says nothing of the subject, and is as long for a subject of a megabyte. */
export function attemptBucketKey({ subject, name, rate: { attempts, seconds } }: AttemptBucket): string {
  return `${attemptSubjectPrefix(subject)}${digest(`${name}\0${attempts}\0${seconds}`, 12)}`;
}

/** With what the keys of all buckets of a subject, and of no other, begin. */
export function attemptSubjectPrefix(subject: string): string {
  return `${digest(subject, 22)}.`;
}

/** For how long one attempt fills a part of the bucket. */
export function msPerAttempt({ rate: { attempts, seconds } }: AttemptBucket): number {
  return (seconds * 1000) / attempts;
}

/** 22 characters are 128 bits: nobody finds a subject that shares the bucket of another one. */
function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
