import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';

/** A file of our page. */
export interface DashboardAsset {
  content: string;
  contentType: string;
  /** Changes with the content. */
  version: string;
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};
/** No separator, and no dot at its start: it leads to no other folder. */
const FILE = /^[\w-][\w.-]{0,80}\.(js|css|svg)$/;

/** The built files of our page, which the package brings along; read when they are first asked for. */
@Injectable()
export class DashboardAssets {
  private readonly folder = join(packageFolder(), 'dist', 'dashboard');
  private readonly known = new Map<string, DashboardAsset>();

  /** @returns undefined where there is no such file */
  async find(file: string): Promise<DashboardAsset | undefined> {
    const [, extension] = FILE.exec(file) ?? [];
    if (extension === undefined) return undefined;
    const known = this.known.get(file);
    if (known !== undefined) return known;
    const content = await this.read(file);
    if (content === undefined) return undefined;
    const version = createHash('sha256').update(content).digest('base64url').slice(0, 16);
    const asset = { content, contentType: TYPES[extension]!, version };
    this.known.set(file, asset);
    return asset;
  }

  /** One for both files that the page names. */
  async version(): Promise<string> {
    const files = await Promise.all([this.find('dashboard.js'), this.find('dashboard.css')]);
    return files.map((asset) => asset?.version ?? '').join('');
  }

  private async read(file: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.folder, file), 'utf8');
    } catch {
      return undefined;
    }
  }
}

/** That of `latchkey`: this file is at other depths of it as TypeScript, as a module and within the CommonJS build. */
function packageFolder(): string {
  // In the CommonJS build this is the name of the file.
  const file = import.meta.url.startsWith('file:') ? fileURLToPath(import.meta.url) : import.meta.url;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && nameIn(manifest) === 'latchkey') return folder;
  }
  return dirname(file);
}

function nameIn(manifest: string): unknown {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
