import { Controller, Get, type ModuleMetadata } from '@nestjs/common';
import { Session, SessionContainer, type AppInfo, type AuthModuleOptions, type CoreOptions } from 'latchkey';
import type { RecordedEmailDelivery } from 'latchkey/testing';
import { startAuthApp, type AuthApp, type AuthAppOptions } from './auth-app.js';
import { coreFor } from './test-core.js';
import type { Framework } from './frameworks.js';

export interface EmailPasswordAppOptions extends Omit<AuthAppOptions, 'auth' | 'application'> {
  appInfo?: Partial<AppInfo>;
  core?: Partial<CoreOptions>;
  auth?: Partial<Omit<AuthModuleOptions, 'appInfo' | 'core'>>;
  controllers?: ModuleMetadata['controllers'];
  providers?: ModuleMetadata['providers'];
}

export interface EmailPasswordApp extends Omit<AuthApp, 'emails'> {
  /** What the application would have sent; only where the test gives no delivery of its own. */
  emails: RecordedEmailDelivery;
  close(): Promise<void>;
}

/** Two guarded routes: one believes the access token, one also asks the storage. */
@Controller('me')
class MeController {
  @Get()
  me(@Session() session: SessionContainer) {
    return { userId: session.getUserId(), tenantId: session.getTenantId() };
  }

  @Get('checked')
  checked(@Session({ checkDatabase: true }) session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

/** An application of `https://api.example.com` with a website at `https://www.example.com`. */
export async function startEmailPasswordApp(
  framework: Framework,
  { appInfo, core, auth, controllers = [], providers = [], ...start }: EmailPasswordAppOptions = {},
): Promise<EmailPasswordApp> {
  const domains = { apiDomain: 'https://api.example.com', websiteDomain: 'https://www.example.com' };
  const started = await startAuthApp(framework, {
    ...start,
    auth: { ...auth, appInfo: { appName: 'Acme', ...domains, ...appInfo }, core: coreFor(core) },
    application: { controllers: [MeController, ...controllers], providers },
  });
  return { ...started, emails: started.emails(), close: () => started.app.close() };
}
