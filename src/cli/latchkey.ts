#!/usr/bin/env node
import { runCommandLine } from '../../lib/cli/latchkey.js';
import { ConfigurationError } from '../../lib/core/auth.error.js';

await runCommandLine(process.argv.slice(2), {
  core: async ({ configFile }) => {
    const { runCoreService } = await loadCoreService();
    await runCoreService(configFile, process.env);
  },
});

/** Only where it is asked for: the other commands need no web framework. */
async function loadCoreService() {
  try {
    return await import('../main.js');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new ConfigurationError(
      'The core service needs the package @nestjs/platform-fastify, which is not installed. ' +
        'Install it: npm install @nestjs/platform-fastify',
      { cause },
    );
  }
}
