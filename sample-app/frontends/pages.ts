import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { escaped } from '../escaped.js';
import { IdentityProvider } from '../identity-provider/identity-provider.js';
import { Settings } from '../settings/settings.js';
import { webFolder } from '../web-folder.js';

const PROVIDER_ONLY = /<!-- provider -->[\s\S]*?<!-- end -->/g;

/** The files that are pages. What depends on the settings stands in them as `{{name}}`. */
@Injectable()
export class Pages {
  private readonly values: Record<string, string>;

  constructor(
    private readonly provider: IdentityProvider,
    { administratorEmail }: Settings,
  ) {
    this.values = {
      administrator: administratorEmail,
      providerId: provider.entry?.thirdPartyId ?? '',
      providerName: provider.entry?.name ?? '',
      provider: provider.what,
    };
  }

  async send(file: string, response: Response): Promise<void> {
    response.type('html').send(await this.html(file));
  }

  async html(file: string): Promise<string> {
    const page = await readFile(join(webFolder, file), 'utf8');
    const offered = this.provider.entry === undefined ? page.replaceAll(PROVIDER_ONLY, '') : page;
    return offered.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => escaped(this.values[name] ?? ''));
  }
}
