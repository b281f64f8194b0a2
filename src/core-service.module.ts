import type { Server } from 'node:http';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppsController } from './apps.controller.js';
import { Apps } from './apps/apps.js';
import { AuditController } from './audit.controller.js';
import { AttemptsController } from './attempts.controller.js';
import { CoreConfigController } from './core-config.controller.js';
import { CORE_SERVICE_OPTIONS, type CoreServiceOptions } from './core-service.options.js';
import { DashboardController } from './dashboard.controller.js';
import { EmailPasswordController } from './email-password.controller.js';
import { EmailVerificationController } from './email-verification.controller.js';
import { JwtController } from './jwt.controller.js';
import { LicenseController } from './license.controller.js';
import { Metrics } from './operations/metrics.js';
import { OperationsController } from './operations/operations.controller.js';
import { RevocationsController } from './revocations.controller.js';
import { ServiceController } from './service.controller.js';
import { SessionsController } from './sessions.controller.js';
import { TenantsController } from './tenants.controller.js';
import { ThirdPartyController } from './third-party.controller.js';
import { UserIdMappingController } from './user-id-mapping.controller.js';
import { UserMetadataController } from './user-metadata.controller.js';
import { UserRolesController } from './user-roles.controller.js';
import { UsersController } from './users.controller.js';
import { CdiErrorFilter } from './wire/cdi-error.filter.js';
import { CdiGuard } from './wire/cdi.guard.js';
import { KeyLimits } from './wire/key-limits.js';
import { RequestAddresses } from './wire/request-addresses.js';
import { SignInLimits } from './wire/sign-in-limits.js';

const LAST_REQUESTS_MS = 10_000;
const IDLE_CHECK_MS = 50;

/** One for each group of the wire's routes. */
const controllers = [
  ServiceController,
  SessionsController,
  JwtController,
  EmailPasswordController,
  EmailVerificationController,
  ThirdPartyController,
  UsersController,
  UserIdMappingController,
  UserMetadataController,
  UserRolesController,
  TenantsController,
  AppsController,
  LicenseController,
  CoreConfigController,
  DashboardController,
  AuditController,
  AttemptsController,
  RevocationsController,
  OperationsController,
];

@Module({})
export class CoreServiceModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(Apps) private readonly apps: Apps,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost<FastifyAdapter>,
  ) {}

  static of(options: CoreServiceOptions, addresses: RequestAddresses, metrics: Metrics): DynamicModule {
    return {
      module: CoreServiceModule,
      controllers: [...controllers, ...(options.controllers ?? [])],
      providers: [
        { provide: CORE_SERVICE_OPTIONS, useValue: options },
        { provide: RequestAddresses, useValue: addresses },
        { provide: Metrics, useValue: metrics },
        { provide: Apps, useFactory: () => Apps.open(options) },
        KeyLimits,
        SignInLimits,
        { provide: APP_GUARD, useClass: CdiGuard },
        { provide: APP_FILTER, useClass: CdiErrorFilter },
      ],
    };
  }

  /** Neither who takes too long over a request, nor who keeps a connection for the next one, may hold up the end. */
  beforeApplicationShutdown(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS).unref();
    setTimeout(() => server.closeAllConnections(), LAST_REQUESTS_MS).unref();
  }

  /** Nest has answered the last request by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.apps.close();
  }
}
