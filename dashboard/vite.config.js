import { fileURLToPath } from 'node:url';

/**
 * One script and one stylesheet with fixed names, which the page that `dashboardGET` answers loads from below its own path:
 * nothing in them may name another file.
 * @type {import('vite').UserConfig}
 */
export default {
  root: fileURLToPath(new URL('.', import.meta.url)),
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['es2022', 'chrome111', 'firefox114', 'safari16.4'],
    modulePreload: false,
    reportCompressedSize: false,
    emptyOutDir: true,
    rolldownOptions: {
      input: fileURLToPath(new URL('main.tsx', import.meta.url)),
      output: { format: 'es', entryFileNames: 'dashboard.js', assetFileNames: 'dashboard.[ext]', codeSplitting: false },
    },
  },
};
