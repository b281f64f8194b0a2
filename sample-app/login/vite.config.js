import { fileURLToPath } from 'node:url';

/**
 * The page at /login, whose files are served from there too.
 * @type {import('vite').UserConfig}
 */
export default {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/login/',
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: {
    target: 'es2022',
    modulePreload: false,
    emptyOutDir: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
};
