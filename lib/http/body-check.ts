import { InternalServerErrorException, Logger, UnsupportedMediaTypeException } from '@nestjs/common';
import { BadInputError } from '../core/auth.error.js';
import type { BaseRequest } from './base-request.js';

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

const UNPARSED =
  'A body was not parsed, so that nobody can sign in. Remove bodyParser: false from NestFactory.create(), or parse JSON ' +
  'and forms on our routes yourself: app.use(express.json(), express.urlencoded()).';

/**
 * Express leaves a body of a type it has no parser for unread, as if there were none; Fastify refuses it, but
 * for plain text. So that both answer the same, and a client learns what is wrong, it is refused here. A form can be sent
 * from any site without asking, and its parser makes objects of the names of its fields: only where the wire needs them
 * are forms taken.
 * @throws {BadInputError} 400, a form
 * @throws {UnsupportedMediaTypeException} 415
 * @throws {InternalServerErrorException} 500, the application has no parser for what we need
 */
export async function assertBodyWasRead(request: BaseRequest, takesForms: boolean): Promise<void> {
  if (request.getMethod() === 'get' || request.getMethod() === 'head') return;
  const body = await request.getJSONBody();
  const isThere =
    request.getHeaderValue('transfer-encoding') !== undefined ||
    (request.getHeaderValue('content-length') ?? '0') !== '0';
  const type = request.getHeaderValue('content-type')?.trim() ?? '';
  const isForm = FORM_TYPE.test(type);
  if (isForm && isThere && !takesForms) throw new BadInputError('Send application/json: forms are not taken here');
  if (body !== undefined && typeof body !== 'string') return;
  if (!isThere) return;
  if (body === undefined && (JSON_TYPE.test(type) || isForm)) {
    new Logger('Latchkey').error(UNPARSED);
    throw new InternalServerErrorException('The application does not parse the bodies of requests');
  }
  if (JSON_TYPE.test(type) || isForm) return;
  throw new UnsupportedMediaTypeException('Send application/json');
}
