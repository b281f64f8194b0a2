/* What an application declares once. A program of its own: it types everything that is compiled with it. */

import 'latchkey';

declare module 'latchkey' {
  interface AccessTokenPayload {
    plan: 'free' | 'pro';
    seats?: number;
  }
  interface UserMetadata {
    theme: 'light' | 'dark';
    tags?: string[];
  }
  interface UserContext {
    invitation?: string;
  }
}
