import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { replacePart } from './page.js';

/** Writes a page again with other texts between the markers of its parts. @param script that makes them: `bench:limits` */
export async function rewritePage(path: string, script: string, parts: Record<string, string>): Promise<void> {
  let page = await readFile(path, 'utf8');
  for (const [part, text] of Object.entries(parts)) page = replacePart(page, part, script, text);
  await writeFile(path, await format(page, { ...(await resolveConfig(path)), filepath: path }));
}
