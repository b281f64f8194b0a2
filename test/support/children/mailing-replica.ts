import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { EmailPasswordRecipe, SessionRecipe, type CoreOptions, type SmtpOptions } from 'latchkey';
import { startAuthApp } from '../auth-app.js';

/** An application over a core that sends by SMTP, both as the argument says; tells where it listens, until it is killed. */
const { core, smtp } = JSON.parse(process.argv[2] ?? '') as { core: CoreOptions; smtp: SmtpOptions };
const recipeList = [SessionRecipe.init(), EmailPasswordRecipe.init()];
const { url } = await startAuthApp('Express', { auth: { core, recipeList, emailDelivery: { smtp } } });
writeSync(1, `${url}\n`);
