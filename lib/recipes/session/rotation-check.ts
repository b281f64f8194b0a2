import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ConfigurationError } from '../../core/auth.error.js';
import { SessionsCore } from '../../core/sessions.core.js';
import { SESSION_CONFIG, type SessionConfig } from './session.options.js';

/** Stops the boot where the core cannot do what an option asks of it. */
@Injectable()
export class RotationCheck implements OnModuleInit {
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(SessionsCore) private readonly sessionsCore!: SessionsCore;

  /** @throws {ConfigurationError} */
  onModuleInit(): void {
    const { refreshTokenRotation } = this.config;
    const { rotations } = this.sessionsCore;
    if (refreshTokenRotation === undefined || rotations.includes(refreshTokenRotation)) return;
    throw new ConfigurationError(
      `SessionRecipe.init: option refreshTokenRotation is '${refreshTokenRotation}', but the core in another process (` +
        `core.connectionURI) has ${rotations.map((each) => `'${each}'`).join(', ')} only. Remove the option, or keep the data ` +
        'in this process.',
    );
  }
}
