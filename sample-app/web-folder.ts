import { fileURLToPath } from 'node:url';

/** The built pages, and beside them what they ask for. */
export const webFolder = fileURLToPath(new URL('web', import.meta.url));
