import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import autocannon from 'autocannon';

export interface Load {
  requestsPerSecond: number;
  /** What the server used, in microseconds of one core. */
  cpuPerRequest: number;
  /** Milliseconds, of which half and one percent of the requests took more. */
  p50: number;
  p99: number;
}

export interface LoadOptions {
  url: string;
  /** A function gives those of the next request. */
  headers: Record<string, string> | (() => Record<string, string>);
  connections: number;
  /** How long, or how many requests. */
  length: { duration: number } | { amount: number };
}

const SAMPLE_MS = 20;

interface CpuUsage {
  user: number;
  system: number;
}

/** @param server answers each message with what processor time it has used */
export async function load(server: ChildProcess, { url, headers, connections, length }: LoadOptions): Promise<Load> {
  const before = await cpuUsageOf(server);
  const started = performance.now();
  // It ends at a sample only, and takes one each second by default.
  const carried =
    typeof headers === 'function'
      ? { requests: [{ setupRequest: (request: autocannon.Request) => ({ ...request, headers: headers() }) }] }
      : { headers };
  const result = await autocannon({ url, ...carried, connections, sampleInt: SAMPLE_MS, ...length });
  const seconds = (performance.now() - started) / 1000;
  const after = await cpuUsageOf(server);
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed`);
  }
  const used = after.user + after.system - before.user - before.system;
  const { total } = result.requests;
  const { p50, p99 } = result.latency;
  return { requestsPerSecond: total / seconds, cpuPerRequest: used / total, p50, p99 };
}

/** @returns the first message of a server that has just been started @throws if it ends before it sends one */
export async function firstMessage<Message>(server: ChildProcess, name: string): Promise<Message> {
  const ended = once(server, 'exit').then(([code, signal]) => {
    throw new Error(`${name} ended with ${code ?? signal} before it listened. What it printed is above.`);
  });
  const [message] = (await Promise.race([once(server, 'message'), ended])) as [Message];
  ended.catch(() => {});
  return message;
}

export async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.disconnect();
  await exited;
}

async function cpuUsageOf(server: ChildProcess): Promise<CpuUsage> {
  const answer = once(server, 'message');
  server.send('cpu usage');
  const [usage] = (await answer) as [CpuUsage];
  return usage;
}
