import {
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Req,
  Res,
  type INestApplication,
  type ModuleMetadata,
} from '@nestjs/common';
import {
  AuthModule,
  PublicAccess,
  Session,
  SessionContainer,
  SessionRecipe,
  Sessions,
  type AppInfo,
  type CoreOptions,
  type CreateSessionForRequestInput,
  type TokenTransferMethod,
  type TransportOption,
} from 'latchkey';
import { AuthTestClient } from 'latchkey/testing';
import { rootModule } from './auth-app.js';
import { coreFor } from './test-core.js';
import { freePort } from './free-port.js';
import { startApp, type Framework, type StartOptions } from './frameworks.js';

type SessionSettings = NonNullable<Parameters<typeof SessionRecipe.init>[0]>;

export interface SessionAppOptions extends StartOptions, Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'> {
  session?: SessionSettings;
  appInfo?: Partial<AppInfo>;
  core?: Partial<CoreOptions>;
  transports?: TransportOption[];
}

export interface SessionApp {
  app: INestApplication;
  url: string;
  client(transferMethod?: TokenTransferMethod): AuthTestClient;
  /** A client with a new session; `input` as for `Sessions.createNewSession`. */
  signedIn(transferMethod?: TokenTransferMethod, input?: Partial<CreateSessionForRequestInput>): Promise<SignedIn>;
  close(): Promise<void>;
}

export interface SignedIn {
  client: AuthTestClient;
  handle: string;
  /** The answer that carried the tokens. */
  response: Response;
}

/** A login method of the user `ada`: over the wire, the core has to know it, and it knows users by no other. */
export const LOGIN_METHOD = globalThis.LATCHKEY_TEST_DATABASE === 'Remote' ? 'ada' : 'ada-by-password';

/** An application's own way in, and a route that needs a session. */
@Controller()
class AccountController {
  constructor(private readonly sessions: Sessions) {}

  @Post('login')
  @HttpCode(200)
  @PublicAccess()
  async login(
    @Req() request: unknown,
    @Res({ passthrough: true }) response: unknown,
    @Body() input: Partial<CreateSessionForRequestInput>,
  ) {
    const session = await this.sessions.createNewSession(request, response, { userId: 'ada', ...input });
    return { handle: session.getHandle() };
  }

  @Get('me')
  @Session()
  me(@Session() session: SessionContainer) {
    return { userId: session.getUserId(), handle: session.getHandle(), payload: session.getAccessTokenPayload() };
  }

  @Post('me')
  @HttpCode(200)
  @Session()
  change(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }

  @Get('me/checked')
  @Session({ checkDatabase: true })
  checked(@Session() session: SessionContainer) {
    return { userId: session.getUserId() };
  }
}

/** Starts an application with the Session recipe only, which knows the address it is reached at. */
export async function startSessionApp(framework: Framework, options: SessionAppOptions = {}): Promise<SessionApp> {
  const { session, appInfo, core, transports, imports = [], controllers = [], providers = [], ...start } = options;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const auth = AuthModule.forRoot({
    appInfo: { appName: 'Test', apiDomain: origin, websiteDomain: origin, ...appInfo },
    core: coreFor(core),
    transports,
    recipeList: [SessionRecipe.init(session)],
  });
  const root = rootModule({ imports: [auth, ...imports], controllers: [AccountController, ...controllers], providers });
  const { app, url } = await startApp(framework, root, { ...start, port });
  const client = (transferMethod: TokenTransferMethod = 'header') =>
    new AuthTestClient({ url, transferMethod, apiBasePath: appInfo?.apiBasePath });
  return {
    app,
    url,
    client,
    async signedIn(transferMethod, input = {}) {
      const signedIn = client(transferMethod);
      const response = await signedIn.post('/login', input);
      if (response.status !== 200) throw new Error(`Sign-in failed: ${response.status} ${await response.text()}`);
      const { handle } = (await response.json()) as { handle: string };
      return { client: signedIn, handle, response };
    },
    close: () => app.close(),
  };
}
