// What stands for the reader's own application in the snippets of the guides.
import type { INestApplication } from '@nestjs/common';
import type { AppInfo, AuthModuleOptions, SmtpOptions } from 'latchkey';

export declare class AppModule {}
export declare const app: INestApplication;
export declare const appInfo: AppInfo;
export declare const recipeList: AuthModuleOptions['recipeList'];
export declare const postgres: string;
export declare const smtp: SmtpOptions;
export declare const userId: string;
export declare const recipeUserId: string;
export declare const tenantId: string;
export declare const email: string;
export declare const userContext: Record<string, unknown>;

export declare class AuditLog {
  write(...what: string[]): Promise<void>;
}

/** Of the application's own tenants. */
export declare class TenantSettings {
  isStrict(tenantId: string): Promise<boolean>;
  isBank(tenantId: string): Promise<boolean>;
}
export declare class TenantsModule {}

interface SuperTest {
  get(path: string): SuperTest;
  post(path: string): SuperTest;
  set(headers: Record<string, string>): SuperTest;
  send(body: object): SuperTest;
  expect(status: number, body?: object): Promise<object>;
}
/** Of supertest. */
export declare function request(server: unknown): SuperTest;
