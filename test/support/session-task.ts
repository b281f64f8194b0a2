import { Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import { Session, SessionContainer } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import type { SessionApp } from './session-app.js';

/** What the guarded route does next: set by a test, so that it stands beside what the test expects. */
@Injectable()
class SessionTask {
  run: (session: SessionContainer) => unknown = () => undefined;
}

@Controller('task')
class TaskController {
  constructor(private readonly task: SessionTask) {}

  @Post()
  @HttpCode(200)
  async run(@Session() session: SessionContainer) {
    return { result: (await this.task.run(session)) ?? null };
  }
}

/** For an application whose guarded route `POST /task` does what `doWithSession` says. */
export const sessionTask = { controllers: [TaskController], providers: [SessionTask] };

export interface TaskOutcome<T> {
  response: Response;
  /** The body of the answer. */
  body: { result: T; message?: string };
}

/** Runs some code with the session of the client's request. */
export async function doWithSession<T>(
  { app }: SessionApp,
  client: AuthTestClient,
  run: (session: SessionContainer) => T | Promise<T>,
): Promise<TaskOutcome<T>> {
  app.get(SessionTask, { strict: false }).run = run;
  const response = await client.post('/task', {});
  return { response, body: (await response.json()) as { result: T; message?: string } };
}
