import { Injectable } from '@nestjs/common';
import type { MaybePromise } from '../core/maybe-promise.js';
import type { UserContext } from './user-context.js';

/** Which tenant a request of our routes means: the one in its path, unless a recipe among its providers knows better. */
export abstract class TenantOfRequest {
  /** @param fromPath in lower case; `public` where the path names none */
  abstract find(fromPath: string, userContext: UserContext): MaybePromise<string>;
}

@Injectable()
export class TenantInPath extends TenantOfRequest {
  override find(fromPath: string): string {
    return fromPath;
  }
}
