import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { Controller, Get } from '@nestjs/common';
import { type CoreOptions, Session, SessionContainer } from 'latchkey';
import { startAuthApp } from '../auth-app.js';

/** An application over the core that the argument describes; says where it listens and runs until it is killed. */
@Controller('me')
class MeController {
  @Get()
  me(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

const core = JSON.parse(process.argv[2] ?? '') as CoreOptions;
const { url } = await startAuthApp('Express', { auth: { core }, application: { controllers: [MeController] } });
writeSync(1, `${url}\n`);
