import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AuthTestClient } from 'latchkey/testing';
import { AppModule } from './app.module.js';

async function start(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const client = new AuthTestClient({ url: await app.getUrl() });
  await client.signUp('ada@example.com', 'correct-horse-1');
  console.log((await client.get('/me')).status);
  await app.close();
}

void start();
