import { SessionRefusedError } from '../core/auth.error.js';

/** @returns undefined where there is no session because the user is gone, or not as they were when they signed in */
export async function unlessRefused<T>(creation: Promise<T>): Promise<T | undefined> {
  try {
    return await creation;
  } catch (error) {
    if (error instanceof SessionRefusedError) return undefined;
    throw error;
  }
}
