import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AuthErrorAnswers } from '../../http/auth-error-answers.js';
import type { DashboardRefusedError } from './dashboard-refused.error.js';

/** How those are answered who are not let in. */
@Injectable()
export class DashboardRefusals implements OnModuleInit {
  @Inject(AuthErrorAnswers) private readonly answers!: AuthErrorAnswers;

  onModuleInit(): void {
    this.answers.register<DashboardRefusedError>('DASHBOARD_REFUSED', ({ statusCode, publicMessage }, _, response) => {
      response.setStatusCode(statusCode);
      response.sendJSONResponse({ message: publicMessage });
    });
  }
}
