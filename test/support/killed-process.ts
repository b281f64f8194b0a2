import { randomInt } from 'node:crypto';
import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';
import { runChildScript } from './child-script.js';

export const killableTasks = ['sign-up', 'refresh', 'reset'] as const;
export type KillableTask = (typeof killableTasks)[number];

/** What a process says of one operation, before it begins or after it was answered OK. */
export interface Step {
  lane: string;
  state: 'begun' | 'answered';
  email?: string;
  /** The one that holds after the operation. */
  password?: string;
  /** Of a reset; or the refresh token that is sent where it begins, that came back where it was answered. */
  token?: string;
  /** Another reset token of the same user. */
  spareToken?: string;
}

/** What one of the concurrent workers of a killed process had done. */
export interface Lane {
  /** In order. */
  answered: Step[];
  /** Begun, and not answered before the end. */
  cutOff?: Step;
}

const LANES = 4;
const MAX_WORKING_MS = 200;

/**
 * Runs `children/work-until-killed.ts` over a database and ends it with SIGKILL while all lanes of all tasks work.
 * @param run makes the names of accounts unique
 * @returns the lanes of each task
 * @throws {Error} the process ended by itself
 */
export async function killWhileWorking(
  script: string,
  database: EmbeddedDatabaseOptions,
  run: number,
): Promise<Record<KillableTask, Lane[]>> {
  const lanes = new Map<string, Lane>();
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  const child = runChildScript(script, [JSON.stringify(database), String(run), String(LANES)], (line) => {
    const step = JSON.parse(line) as Step;
    const lane = lanes.get(step.lane) ?? { answered: [] };
    lanes.set(step.lane, lane);
    if (step.state === 'begun') lane.cutOff = step;
    else {
      lane.answered.push(step);
      lane.cutOff = undefined;
    }
    const areAllThere = lanes.size === LANES * killableTasks.length;
    if (areAllThere && [...lanes.values()].every(({ answered }) => answered.length > 0)) {
      timer ??= setTimeout(() => (isDue = true), randomInt(MAX_WORKING_MS));
    }
    if (isDue && step.state === 'begun') child.process.kill('SIGKILL');
  });
  const { code, signal, errors } = await child.ended;
  clearTimeout(timer);
  if (signal !== 'SIGKILL') throw new Error(`The process was not killed, but ended with ${signal ?? code}: ${errors}`);
  const lanesOf = (task: KillableTask) =>
    [...lanes].filter(([name]) => name.startsWith(`${task}-`)).map(([, lane]) => lane);
  return { 'sign-up': lanesOf('sign-up'), refresh: lanesOf('refresh'), reset: lanesOf('reset') };
}
