import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below 32,768, where Linux begins to hand out ports, and 49,152, where macOS and Windows do: a port that somebody else
 * could be handed out, for a server or an outgoing connection, may be taken by the time it is listened on.
 */
export const FIRST_PORT = 20_000;
export const END_OF_PORTS = 32_000;

// Workers of one run have ranges of their own, and two runs on one machine hardly begin at the same place.
const PORTS_OF_WORKER = 1_000;
const WORKERS = (END_OF_PORTS - FIRST_PORT) / PORTS_OF_WORKER;
const firstOfWorker = FIRST_PORT + (Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS) * PORTS_OF_WORKER;
let next = Math.floor(Math.random() * PORTS_OF_WORKER);

/** A port of the loopback address that nobody listens on, for applications that must know theirs before they start. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS_OF_WORKER; tries += 1) {
    const port = firstOfWorker + (next++ % PORTS_OF_WORKER);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${firstOfWorker} to ${firstOfWorker + PORTS_OF_WORKER - 1} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
