import type { NormalisedAppInfo } from './app-info.js';

/** What every part of one `forRoot` shares. */
export interface AuthConfig {
  appInfo: NormalisedAppInfo;
  isInServerlessEnv: boolean;
  resendIntervalSeconds: number;
}

export const AUTH_CONFIG = Symbol('latchkey.config');
