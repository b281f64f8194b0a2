import { createHash } from 'node:crypto';

/** Names the password that a hash was made of. Says nothing of the hash: it passes through the application. */
export function credentialsVersionOf(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('base64url');
}
