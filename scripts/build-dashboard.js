import { builtOnce } from './built-once.js';

const dashboard = {
  name: 'latchkey-dashboard',
  sources: 'dashboard',
  packages: ['preact', 'vite'],
  script: 'scripts/build-dashboard.js',
  async build(outDir) {
    const [vite, { default: config }] = await Promise.all([import('vite'), import('../dashboard/vite.config.js')]);
    await vite.build({ ...config, build: { ...config.build, outDir } });
  },
};

/** Builds the page of the dashboard into a folder, unless its sources have been built before: then it is a copy. */
export async function buildDashboard(folder) {
  await builtOnce(dashboard, folder);
}
