import { builtOnce } from './built-once.js';

const loginPage = {
  name: 'latchkey-login-page',
  sources: 'sample-app/login',
  packages: ['react', 'react-dom', 'supertokens-auth-react', 'vite'],
  script: 'scripts/build-login-page.js',
  async build(outDir) {
    const [vite, { default: config }] = await Promise.all([
      import('vite'),
      import('../sample-app/login/vite.config.js'),
    ]);
    await vite.build({ ...config, build: { ...config.build, outDir } });
  },
};

/** Builds the sample's page in React into a folder, unless its sources have been built before: then it is a copy. */
export async function buildLoginPage(folder) {
  await builtOnce(loginPage, folder);
}
