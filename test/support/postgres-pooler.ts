import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Client } from 'pg';

/** What pgbouncer lets a client say at the start; anything else it refuses. */
const STARTUP_PARAMETERS = new Set(['user', 'database', 'client_encoding', 'application_name', 'replication']);
const SSL_REQUEST = 80_877_103;

/** A connection to PostgreSQL itself, ready for use. */
interface Backend {
  client: Client;
  socket: Socket;
}

/**
 * Between clients and PostgreSQL as pgbouncer in transaction mode is: each transaction gets the connection that
 * has rested longest, so two transactions of one client never follow each other on the same one. What a client
 * leaves behind in its session, others find.
 */
export class PostgresPooler {
  private readonly idle: Backend[] = [];
  private readonly waiting: ((backend: Backend) => void)[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {}

  static async start(target: string, connections: number): Promise<PostgresPooler> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const pooler = new PostgresPooler(server, target);
    server.on('connection', (socket) => pooler.welcome(socket));
    for (let number = 0; number < connections; number++) pooler.idle.push(await pooler.connect());
    return pooler;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    for (const { socket } of this.idle) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async connect(): Promise<Backend> {
    const client = new Client(this.target);
    await client.connect();
    // pg has signed in for us, by whatever method; from here on we read and write ourselves.
    const { stream: socket } = (client as unknown as { connection: { stream: Socket } }).connection;
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    return { client, socket };
  }

  private welcome(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    let isStarted = false;
    const session = new ClientSession(socket, this.acquire, this.release, this.replace);
    socket.on('close', () => {
      this.sockets.delete(socket);
      session.end();
    });
    socket.on('data', (chunk: Buffer) => {
      if (isStarted) return session.receive(chunk);
      // A client that gives up before it was let in says so in five bytes.
      if (chunk.length < 8) return void socket.end();
      if (chunk.readInt32BE(4) === SSL_REQUEST) return void socket.write('N');
      const refused = startupParameters(chunk).find((name) => !STARTUP_PARAMETERS.has(name));
      if (refused !== undefined) return void socket.end(errorResponse(`unsupported startup parameter: ${refused}`));
      isStarted = true;
      socket.write(
        Buffer.concat([
          message('R', Buffer.alloc(4)),
          message('S', Buffer.from('client_encoding\0UTF8\0')),
          message('K', Buffer.alloc(8)),
          message('Z', Buffer.from('I')),
        ]),
      );
    });
  }

  private readonly acquire = async (): Promise<Backend> => {
    const rested = this.idle.shift();
    return rested ?? new Promise((resolve) => this.waiting.push(resolve));
  };

  private readonly release = (backend: Backend): void => {
    backend.socket.removeAllListeners('data');
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(backend);
    else next(backend);
  };

  private readonly replace = async (backend: Backend): Promise<void> => {
    backend.socket.destroy();
    this.release(await this.connect());
  };
}

/** One client, which has a backend only while a transaction is under way. */
class ClientSession {
  private received: Buffer = Buffer.alloc(0);
  private answered: Buffer = Buffer.alloc(0);
  private backend: Promise<Backend> | undefined;
  /** Messages that the server ends its answer to with "ready for query". */
  private unanswered = 0;

  constructor(
    private readonly socket: Socket,
    private readonly acquire: () => Promise<Backend>,
    private readonly release: (backend: Backend) => void,
    private readonly replace: (backend: Backend) => Promise<void>,
  ) {}

  receive(chunk: Buffer): void {
    const { messages, rest } = split(Buffer.concat([this.received, chunk]));
    this.received = rest;
    for (const one of messages) {
      const type = String.fromCharCode(one[0]!);
      if (type === 'X') return void this.socket.end();
      if (type === 'Q' || type === 'S') this.unanswered++;
      this.backend ??= this.acquire().then((backend) => {
        backend.socket.on('data', (answer: Buffer) => this.answer(backend, answer));
        return backend;
      });
      void this.backend.then(({ socket }) => socket.write(one));
    }
  }

  end(): void {
    // In the middle of a transaction, which the server must not keep.
    void this.backend?.then((backend) => this.replace(backend));
  }

  private answer(backend: Backend, chunk: Buffer): void {
    const { messages, rest } = split(Buffer.concat([this.answered, chunk]));
    this.answered = rest;
    for (const one of messages) {
      this.socket.write(one);
      if (one[0] !== 'Z'.charCodeAt(0)) continue;
      this.unanswered--;
      if (this.unanswered > 0 || String.fromCharCode(one[5]!) !== 'I') continue;
      this.backend = undefined;
      this.release(backend);
    }
  }
}

function split(bytes: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let at = 0;
  while (bytes.length >= at + 5 && bytes.length >= at + 1 + bytes.readInt32BE(at + 1)) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    messages.push(bytes.subarray(at, end));
    at = end;
  }
  return { messages, rest: bytes.subarray(at) };
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function startupParameters(startup: Buffer): string[] {
  return startup
    .subarray(8)
    .toString()
    .split('\0')
    .filter((text, at) => at % 2 === 0 && text !== '');
}

function errorResponse(text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${text}\0\0`));
}
