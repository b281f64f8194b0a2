import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type * as ReactNativeClient from 'supertokens-react-native';
import { temporaryFolder } from './temporary-folder.js';

export interface MobileDevice {
  /** The client as a mobile application imports it. Its `init` puts itself before the global `fetch`. */
  client: typeof ReactNativeClient;
  /** What the device keeps, by its key. */
  stored(): Promise<Record<string, string>>;
  /** Takes the client away from the global `fetch`. */
  stop(): void;
}

interface AsyncStorage {
  getAllKeys(): Promise<string[]>;
  getItem(key: string): Promise<string | null>;
}

const ENTRY = `export { default as client } from 'supertokens-react-native';
export { default as storage } from '@react-native-async-storage/async-storage';`;

/** The unmodified `supertokens-react-native` in Node, as Metro would bundle it, over a storage in memory. */
export async function mobileDevice(): Promise<MobileDevice> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    define: { global: 'globalThis' },
    write: false,
  });
  const folder = await temporaryFolder();
  const file = folder.path('client.mjs');
  await writeFile(file, outputFiles[0]!.contents);
  const { client, storage } = (await import(pathToFileURL(file).href)) as {
    client: typeof ReactNativeClient;
    storage: AsyncStorage;
  };
  await folder.remove();
  const originalFetch = globalThis.fetch;
  return {
    client,
    async stored() {
      const keys = await storage.getAllKeys();
      const values = await Promise.all(keys.map((key) => storage.getItem(key)));
      return Object.fromEntries(keys.map((key, at) => [key, values[at]!]));
    },
    stop() {
      globalThis.fetch = originalFetch;
      for (const name of ['__supertokensOriginalFetch', '__supertokensSessionRecipe'])
        Reflect.deleteProperty(globalThis, name);
    },
  };
}
