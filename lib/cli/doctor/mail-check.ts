import { createTransport } from 'nodemailer';
import type { AuthModuleOptions } from '../../auth.options.js';
import {
  type ResolvedSmtpOptions,
  resolveSmtpOptions,
  type SmtpOptions,
  transportOf,
} from '../../delivery/smtp.options.js';
import { isOnThisMachine, notSent } from '../../delivery/unconfigured-delivery.js';
import { normaliseAppInfo } from '../../http/app-info.js';
import { withParts } from '../../recipes/recipe-parts.js';
import { type Finding, ok, problem, problemOf, warning } from './finding.js';

const PATIENCE_MS = 10_000;

/** Connects and signs in to the mail server; sends nothing. */
export async function checkMail(options: AuthModuleOptions): Promise<Finding[]> {
  const sendsEmails = withParts(options.recipeList).some(({ definition }) => (definition.messages ?? []).length > 0);
  if (!sendsEmails) return [];
  const { emailDelivery } = options;
  const { apiDomain } = normaliseAppInfo(options.appInfo);
  if (emailDelivery === undefined || emailDelivery === 'log') {
    if (isOnThisMachine(apiDomain))
      return [warning('mail', 'Links go to the log. Give emailDelivery where others sign in')];
    return [problem('mail', notSent('email', apiDomain))];
  }
  const { smtp } = emailDelivery as { smtp?: SmtpOptions | { useFactory: unknown } };
  if (smtp === undefined || 'useFactory' in smtp) {
    return [ok('mail', 'Sent by something that only the application can make: not checked')];
  }
  let resolved: ResolvedSmtpOptions;
  try {
    resolved = resolveSmtpOptions(smtp);
  } catch (error) {
    return [problemOf('mail', error, 'Correct the option')];
  }
  const server = `${resolved.host}:${resolved.port}`;
  const patience = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS };
  const transport = createTransport({ ...transportOf(resolved), ...patience });
  try {
    await transport.verify();
    return [ok('mail', `Signed in to ${server}`)];
  } catch (error) {
    const fix = `Look at host, port, secure and auth of emailDelivery.smtp: this was ${server}`;
    return [problemOf('mail', error, fix)];
  } finally {
    transport.close();
  }
}
