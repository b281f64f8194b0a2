import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { END_OF_PORTS, FIRST_PORT, freePort } from './free-port.js';

it('is a port that neither a server nor an outgoing connection is handed out', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: handedOut } = server.address() as AddressInfo;
  const connection = connect(handedOut, '127.0.0.1');
  await once(connection, 'connect');

  for (const port of [handedOut, connection.localPort!]) expect(port).toBeGreaterThanOrEqual(END_OF_PORTS);
  const free = [await freePort(), await freePort()];
  expect(new Set(free).size).toBe(2);
  for (const port of free) {
    expect(port).toBeGreaterThanOrEqual(FIRST_PORT);
    expect(port).toBeLessThan(END_OF_PORTS);
  }

  connection.destroy();
  server.close();
  await once(server, 'close');
});

it('passes over a port that is taken', async () => {
  const taken = await freePort();
  const server = createServer().listen(taken + 1, '127.0.0.1');
  await once(server, 'listening');

  expect(await freePort()).not.toBe(taken + 1);

  server.close();
  await once(server, 'close');
});
