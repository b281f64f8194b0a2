import { availableParallelism, cpus, loadavg } from 'node:os';

/** What a table begins with: `Node v24.21.0, AMD EPYC, 2 cores, a load of 1.2`. @param load of the last minute, by default until now */
export function machine(nodeVersion: string = process.version, [load = 0]: number[] = loadavg()): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `Node ${nodeVersion}, ${model}, ${availableParallelism()} cores, a load of ${load.toFixed(1)}`;
}
