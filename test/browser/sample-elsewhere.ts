import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { TestClock } from 'latchkey/testing';
import { TestApplication } from '../../sample-app/test/test-application.js';
import { runService } from '../support/run-service.js';
import { HeldRequests } from './held-requests.js';

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };

/** The API of the sample in this process, and its pages on other origins, as a CDN would serve them. */
export interface SampleElsewhere {
  /** Pages of the API's site, whose browser sends it cookies. */
  url: string;
  /** Pages of another site, whose tokens travel in headers. */
  otherSiteURL: string;
  apiURL: string;
  clock: TestClock;
  requests: HeldRequests;
  stop(): Promise<void>;
}

export async function startSampleElsewhere(): Promise<SampleElsewhere> {
  const requests = new HeldRequests();
  const pages = createServer((request, response) => {
    const isOtherSite = request.headers.host!.startsWith('127.');
    void pageAt(new URL(request.url!, 'http://page').pathname).then(([type, file]) => {
      const mode = isOtherSite ? 'header' : 'cookie';
      response.setHeader('content-type', type);
      response.end(
        type === 'text/html'
          ? filledIn(file.toString(), { 'api-domain': apiURL, 'token-transfer-method': mode })
          : file,
      );
    });
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  const { port } = pages.address() as AddressInfo;
  const [url, otherSiteURL] = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];

  const api = await TestApplication.start({ pageOrigins: [url, otherSiteURL], middleware: requests.middleware });
  const apiURL = `http://localhost:${new URL(await api.app.getUrl()).port}`;
  const clock = new TestClock();

  return {
    url,
    otherSiteURL,
    apiURL,
    clock,
    requests,
    async stop() {
      clock.restore();
      pages.close();
      pages.closeAllConnections();
      await api.stop();
    },
  };
}

/** @returns a type and what is in the file: a page for each address that is no file */
async function pageAt(path: string): Promise<[string, Buffer]> {
  const folder = join(runService('scripts').folder, 'sample-app/web');
  const type = TYPES[extname(path)];
  if (type !== undefined) return [type, await readFile(join(folder, path))];
  return ['text/html', await readFile(join(folder, path.startsWith('/login') ? 'login/index.html' : 'index.html'))];
}

/** As those who publish the page fill it in. */
function filledIn(page: string, values: Record<string, string>): string {
  const withValues = Object.entries(values).reduce((text, [name, value]) => {
    const tag = new RegExp(`(<meta name="${name}" content=")[^"]*`);
    if (!tag.test(text)) throw new Error(`The page has no place for ${name}`);
    return text.replace(tag, `$1${value}`);
  }, page);
  return withValues.replaceAll(/<!-- provider -->[\s\S]*?<!-- end -->|\{\{\w+\}\}/g, '');
}
