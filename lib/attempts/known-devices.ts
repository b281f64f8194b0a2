import { Injectable } from '@nestjs/common';
import type { Attempt } from '../http/attempt-action.js';

/** @returns a name of the device, if the account has signed in there: the same at each request, and no other device's */
type DeviceReader = (attempt: Attempt & { account: string }) => Promise<string | undefined>;

/** On which devices an account has signed in. What reads it from a request registers itself. */
@Injectable()
export class KnownDevices {
  private reader: DeviceReader | undefined;

  register(reader: DeviceReader): void {
    this.reader = reader;
  }

  async recognise(attempt: Attempt & { account: string }): Promise<string | undefined> {
    return this.reader?.(attempt);
  }
}
