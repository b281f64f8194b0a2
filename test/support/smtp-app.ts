import type { EmailDeliveryOption, SmtpDeliveryOptions } from 'latchkey';
import { EmailQueue, EmailVerificationRecipe, EmailPasswordRecipe, SessionRecipe } from 'latchkey';
import { startEmailPasswordApp, type EmailPasswordApp, type EmailPasswordAppOptions } from './email-password-app.js';
import type { Framework } from './frameworks.js';
import { startSmtpServer, type TestSmtpServer } from './smtp-server.js';

export interface SmtpApp extends EmailPasswordApp {
  server: TestSmtpServer;
  queue: EmailQueue;
}

export interface SmtpAppOptions extends EmailPasswordAppOptions {
  delivery?: Omit<SmtpDeliveryOptions, 'smtp'>;
  server?: TestSmtpServer;
}

/** An application with password resets and email verification that sends to a real SMTP server of its own. */
export async function startSmtpApp(framework: Framework, options: SmtpAppOptions = {}): Promise<SmtpApp> {
  const { delivery, server: runningServer, auth, emailPassword, ...others } = options;
  const server = runningServer ?? (await startSmtpServer());
  const emailDelivery: EmailDeliveryOption = { smtp: server.smtp, ...delivery };
  const recipeList = [
    SessionRecipe.init(),
    EmailPasswordRecipe.init(emailPassword),
    EmailVerificationRecipe.init({ mode: 'OPTIONAL' }),
  ];
  const started = await startEmailPasswordApp(framework, { ...others, auth: { emailDelivery, recipeList, ...auth } });
  return {
    ...started,
    server,
    queue: started.app.get(EmailQueue),
    close: async () => {
      await started.close();
      if (runningServer === undefined) await server.stop();
    },
  };
}
