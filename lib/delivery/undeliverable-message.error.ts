/** Thrown by a delivery: another attempt at this message would end the same. */
export class UndeliverableMessageError extends Error {
  override readonly name: string = 'UndeliverableMessageError';
}

/** The same of an email. */
export class UndeliverableEmailError extends UndeliverableMessageError {
  override readonly name = 'UndeliverableEmailError';
}
