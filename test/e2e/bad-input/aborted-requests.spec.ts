import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { formFields } from 'latchkey/testing';
import { BothFrameworks } from '../../support/both-frameworks.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse 1';

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

function signUpRequest(email: string): { head: string; body: string } {
  const body = JSON.stringify(formFields({ email, password: PASSWORD }));
  const lines = ['POST /auth/signup HTTP/1.1', 'host: localhost', 'content-type: application/json'];
  return { head: [...lines, `content-length: ${body.length}`, 'connection: close', '', ''].join('\r\n'), body };
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('A request that does not come in one piece', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    both = await BothFrameworks.start();
    for (const { json } of await both.post('/auth/signup', formFields({ email: EMAIL, password: PASSWORD }))) {
      expect(json).toMatchObject({ status: 'OK' });
    }
  });
  afterAll(() => both.close());

  async function expectAlive(): Promise<void> {
    for (const { json } of await both.post('/auth/signin', formFields({ email: EMAIL, password: PASSWORD }))) {
      expect(json).toMatchObject({ status: 'OK' });
    }
  }

  it('but slowly is answered like any other', async () => {
    for (const { url } of both.apps) {
      const { head, body } = signUpRequest('slow@example.com');
      const socket = await open(url);
      const answer = readAll(socket);
      for (const piece of [head.slice(0, 20), head.slice(20), body.slice(0, 30), body.slice(30)]) {
        socket.write(piece);
        await pause(50);
      }
      expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"status":"OK"/);
    }
  });

  it('and is broken off in the middle of its body writes nothing', async () => {
    const before = await both.contents();
    for (const { url } of both.apps) {
      const { head, body } = signUpRequest('half@example.com');
      const socket = await open(url);
      socket.write(head + body.slice(0, -1));
      await pause(50);
      socket.destroy();
    }
    await pause(100);
    expect(await both.contents()).toEqual(before);
    await expectAlive();
  });

  it('and whose body ends before its length is not taken for the shorter one', async () => {
    const before = await both.contents();
    for (const { url } of both.apps) {
      const { head, body } = signUpRequest('short@example.com');
      const socket = await open(url);
      const answer = readAll(socket);
      socket.end(head.replace(/content-length: \d+/, `content-length: ${body.length + 10}`) + body);
      expect(await answer).not.toContain('"status":"OK"');
    }
    expect(await both.contents()).toEqual(before);
    await expectAlive();
  });

  it('whose client leaves before the answer does no harm, even forty times', async () => {
    for (const { url } of both.apps) {
      const sockets = await Promise.all(Array.from({ length: 40 }, () => open(url)));
      for (const [at, socket] of sockets.entries()) {
        const { head, body } = signUpRequest(`gone-${at % 3}@example.com`);
        socket.write(head + body, () => socket.destroy());
      }
    }
    await pause(300);
    await expectAlive();
    for (const { latchkey_login_methods: methods } of await both.contents()) {
      const gone = methods!.map(({ email }) => String(email)).filter((email) => email.startsWith('gone-'));
      expect(new Set(gone).size).toBe(gone.length);
    }
  });

  it.each([
    ['is no HTTP', 'nonsense\r\n\r\n'],
    ['has two lengths', 'POST /auth/signin HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    ['has a length that is not a number', 'POST /auth/signin HTTP/1.1\r\nhost: x\r\ncontent-length: two\r\n\r\n{}'],
    ['has a header of 20 KB', `GET /auth/signup HTTP/1.1\r\nhost: x\r\ncookie: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('that %s is refused', async (_what, text) => {
    for (const { url } of both.apps) {
      const socket = await open(url);
      const answer = readAll(socket);
      socket.write(text);
      expect(await answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
    await expectAlive();
  });
});
