import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { BaseRequest } from './base-request.js';

const READABLE = /^application\/(json|x-www-form-urlencoded)\s*(;|$)/i;

/**
 * Express leaves a body of a type it has no parser for unread, as if there were none; Fastify refuses it, but
 * for plain text. So that both answer the same, and a client learns what is wrong, it is refused here.
 * @throws {UnsupportedMediaTypeException} 415
 */
export async function assertBodyWasRead(request: BaseRequest): Promise<void> {
  if (request.getMethod() === 'get' || request.getMethod() === 'head') return;
  const body = await request.getJSONBody();
  if (body !== undefined && typeof body !== 'string') return;
  const isThere =
    request.getHeaderValue('transfer-encoding') !== undefined ||
    (request.getHeaderValue('content-length') ?? '0') !== '0';
  const type = request.getHeaderValue('content-type')?.trim() ?? '';
  if (!isThere || READABLE.test(type)) return;
  throw new UnsupportedMediaTypeException('Send application/json or application/x-www-form-urlencoded');
}
