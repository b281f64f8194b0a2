import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

export interface Credentials {
  tenantId: string;
  email: string;
  password: string;
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const credentials = z.object({ tenantId: z.string(), email: z.string(), password: z.string() });

/** Encloses credentials for the way through the application and back: nobody reads them, and no other process. */
export class CredentialsSeal {
  private readonly key = randomBytes(32);

  seal(credentials: Credentials): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv, { authTagLength: TAG_BYTES });
    const { tenantId, email, password } = credentials;
    const text = JSON.stringify({ tenantId, email, password });
    const sealed = [iv, cipher.update(text, 'utf8'), cipher.final()];
    return Buffer.concat([...sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** @returns undefined for what was not sealed here */
  open(sealed: string): Credentials | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      return credentials.parse(JSON.parse(text.toString()));
    } catch {
      return undefined;
    }
  }
}
