import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import {
  AttemptLimits,
  EmailPasswordApi,
  EmailPasswordFunctions,
  EmailVerificationFunctions,
  ThirdPartyFunctions,
} from 'latchkey';
import { webFolder } from '../web-folder.js';

/** An override as the build has found it in the sources. */
interface OverrideSource {
  className: string;
  /** From the sample's folder on. */
  file: string;
  /** What its comment says. */
  summary: string;
  code: string;
}

export interface ActiveOverride extends OverrideSource {
  /** The class of the library that it extends. */
  extends: string;
}

/** The classes that this application has put before those of the library, with their sources. */
@Injectable()
export class ActiveOverrides {
  constructor(
    private readonly emailPasswordApi: EmailPasswordApi,
    private readonly emailPassword: EmailPasswordFunctions,
    private readonly emailVerification: EmailVerificationFunctions,
    private readonly thirdParty: ThirdPartyFunctions,
    private readonly attemptLimits: AttemptLimits,
  ) {}

  async list(): Promise<ActiveOverride[]> {
    const sources = JSON.parse(await readFile(join(webFolder, 'overrides.json'), 'utf8')) as OverrideSource[];
    return [
      ...classesBefore(EmailPasswordApi, this.emailPasswordApi),
      ...classesBefore(EmailPasswordFunctions, this.emailPassword),
      ...classesBefore(AttemptLimits, this.attemptLimits),
      ...classesBefore(EmailVerificationFunctions, this.emailVerification),
      ...classesBefore(ThirdPartyFunctions, this.thirdParty),
    ].flatMap(({ name, base }) => {
      const source = sources.find(({ className }) => className === name);
      return source === undefined ? [] : [{ ...source, extends: base }];
    });
  }
}

/** The subclasses between an instance and the class that the library injects, the first override first. */
function classesBefore(base: abstract new () => unknown, instance: object): { name: string; base: string }[] {
  const names: string[] = [];
  let prototype: unknown = Object.getPrototypeOf(instance);
  while (typeof prototype === 'object' && prototype !== null && prototype !== base.prototype) {
    names.unshift(prototype.constructor.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names.map((name) => ({ name, base: base.name }));
}
