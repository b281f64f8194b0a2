import { Controller } from '@nestjs/common';
import { type AttemptBucket, AttemptsCore } from '../lib/core/attempts.core.js';
import { BadInputError } from '../lib/core/auth.error.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import type { BodyFields } from './wire/fields.js';
import { AppRoute } from './wire/routes.js';

const MAX_ATTEMPTS = 1_000_000;
const TEN_YEARS_SECONDS = 315_360_000;

/** No part of the wire: our own driver counts attempts here, so that all replicas of an application count together. */
@Controller('latchkey/attempts')
export class AttemptsController {
  @AppRoute('POST', 'take')
  async take(@CorePort(AttemptsCore) attempts: AttemptsCore, @Cdi() { body }: CdiRequest) {
    return { status: 'OK', ...(await attempts.take(bucketOf(body))) };
  }

  @AppRoute('POST', 'give-back')
  async giveBack(@CorePort(AttemptsCore) attempts: AttemptsCore, @Cdi() { body }: CdiRequest) {
    await attempts.giveBack(bucketOf(body));
    return { status: 'OK' };
  }

  @AppRoute('POST', 'forget')
  async forget(@CorePort(AttemptsCore) attempts: AttemptsCore, @Cdi() { body }: CdiRequest) {
    await attempts.forget(body.list('buckets').map(bucketOf));
    return { status: 'OK' };
  }

  @AppRoute('POST', 'forget-subjects')
  async forgetSubjects(@CorePort(AttemptsCore) attempts: AttemptsCore, @Cdi() { body }: CdiRequest) {
    await attempts.forgetSubjects(body.texts('subjects'));
    return { status: 'OK' };
  }
}

/** @throws {BadInputError} */
function bucketOf(fields: BodyFields): AttemptBucket {
  const rate = fields.fields('rate');
  const [attempts, seconds] = [rate.number('attempts'), rate.number('seconds')];
  const isRate = Number.isInteger(attempts) && isWithin(attempts, MAX_ATTEMPTS) && isWithin(seconds, TEN_YEARS_SECONDS);
  if (!isRate) throw new BadInputError("Field name 'rate' is invalid in JSON input");
  return { subject: fields.text('subject'), name: fields.text('name'), rate: { attempts, seconds } };
}

function isWithin(value: number, max: number): boolean {
  return value >= 1 && value <= max;
}
